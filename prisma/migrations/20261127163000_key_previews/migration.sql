-- CreateEnum
CREATE TYPE "key_preview_state" AS ENUM ('computing', 'ready', 'failed', 'applied', 'discarded');

-- CreateTable
CREATE TABLE "key_preview" (
    "id" SERIAL NOT NULL,
    "phase_id" INTEGER NOT NULL,
    "key_hash" TEXT NOT NULL,
    "counts" JSONB NOT NULL,
    "replaces_hash" TEXT,
    "state" "key_preview_state" NOT NULL DEFAULT 'computing',
    "fault" TEXT,
    "lease_until" TIMESTAMPTZ(3),
    "created_by_id" INTEGER NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "ready_at" TIMESTAMPTZ(3),

    CONSTRAINT "key_preview_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "key_preview_score" (
    "preview_id" INTEGER NOT NULL,
    "submission_id" INTEGER NOT NULL,
    "public_value" DOUBLE PRECISION,
    "private_value" DOUBLE PRECISION,

    CONSTRAINT "key_preview_score_pkey" PRIMARY KEY ("preview_id","submission_id")
);

-- CreateIndex
CREATE INDEX "key_preview_phase_id_idx" ON "key_preview"("phase_id");

-- AddForeignKey
ALTER TABLE "key_preview" ADD CONSTRAINT "key_preview_phase_id_fkey" FOREIGN KEY ("phase_id") REFERENCES "phase"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "key_preview" ADD CONSTRAINT "key_preview_created_by_id_fkey" FOREIGN KEY ("created_by_id") REFERENCES "user"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "key_preview_score" ADD CONSTRAINT "key_preview_score_preview_id_fkey" FOREIGN KEY ("preview_id") REFERENCES "key_preview"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "key_preview_score" ADD CONSTRAINT "key_preview_score_submission_id_fkey" FOREIGN KEY ("submission_id") REFERENCES "submission"("id") ON DELETE CASCADE ON UPDATE CASCADE;
