-- AlterTable
ALTER TABLE "phase" ADD COLUMN     "revealed_at" TIMESTAMPTZ(3);

-- CreateTable
CREATE TABLE "final_standing" (
    "id" SERIAL NOT NULL,
    "phase_id" INTEGER NOT NULL,
    "version" INTEGER NOT NULL,
    "document" TEXT NOT NULL,
    "hash" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "created_by_id" INTEGER,
    "reason" TEXT NOT NULL DEFAULT '',

    CONSTRAINT "final_standing_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "final_place" (
    "final_standing_id" INTEGER NOT NULL,
    "position" INTEGER NOT NULL,
    "team_id" INTEGER NOT NULL,
    "submission_id" INTEGER NOT NULL,

    CONSTRAINT "final_place_pkey" PRIMARY KEY ("final_standing_id","position")
);

-- CreateIndex
CREATE UNIQUE INDEX "final_standing_phase_id_version_key" ON "final_standing"("phase_id", "version");

-- AddForeignKey
ALTER TABLE "final_standing" ADD CONSTRAINT "final_standing_phase_id_fkey" FOREIGN KEY ("phase_id") REFERENCES "phase"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "final_standing" ADD CONSTRAINT "final_standing_created_by_id_fkey" FOREIGN KEY ("created_by_id") REFERENCES "user"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "final_place" ADD CONSTRAINT "final_place_final_standing_id_fkey" FOREIGN KEY ("final_standing_id") REFERENCES "final_standing"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "final_place" ADD CONSTRAINT "final_place_team_id_fkey" FOREIGN KEY ("team_id") REFERENCES "team"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "final_place" ADD CONSTRAINT "final_place_submission_id_fkey" FOREIGN KEY ("submission_id") REFERENCES "submission"("id") ON DELETE CASCADE ON UPDATE CASCADE;
