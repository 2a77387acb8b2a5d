-- CreateTable
CREATE TABLE "competition_folder" (
    "competition_id" INTEGER NOT NULL,
    "source" TEXT NOT NULL,
    "state" JSONB NOT NULL,
    "pushed_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "competition_folder_pkey" PRIMARY KEY ("competition_id")
);

-- AddForeignKey
ALTER TABLE "competition_folder" ADD CONSTRAINT "competition_folder_competition_id_fkey" FOREIGN KEY ("competition_id") REFERENCES "competition"("id") ON DELETE CASCADE ON UPDATE CASCADE;
