-- CreateTable
CREATE TABLE "pending_upload" (
    "id" SERIAL NOT NULL,
    "token_hash" BYTEA NOT NULL,
    "user_id" INTEGER NOT NULL,
    "competition_slug" TEXT NOT NULL,
    "phase_slug" TEXT NOT NULL,
    "file_name" TEXT NOT NULL,
    "max_bytes" INTEGER NOT NULL,
    "started_at" TIMESTAMPTZ(3) NOT NULL,
    "hash" TEXT,
    "bytes" INTEGER,

    CONSTRAINT "pending_upload_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "pending_upload_token_hash_key" ON "pending_upload"("token_hash");

-- CreateIndex
CREATE INDEX "pending_upload_user_id_idx" ON "pending_upload"("user_id");

-- CreateIndex
CREATE INDEX "pending_upload_started_at_idx" ON "pending_upload"("started_at");

-- AddForeignKey
ALTER TABLE "pending_upload" ADD CONSTRAINT "pending_upload_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE CASCADE;
