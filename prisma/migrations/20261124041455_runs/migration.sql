-- CreateEnum
CREATE TYPE "submission_kind" AS ENUM ('predictions', 'code', 'notebook');

-- CreateEnum
CREATE TYPE "submission_needs" AS ENUM ('score', 'cpu', 'gpu');

-- CreateEnum
CREATE TYPE "run_ending" AS ENUM ('exited', 'timed_out', 'out_of_memory', 'output_too_large', 'cancelled', 'broken');

-- DropIndex
DROP INDEX "submission_waiting_idx";

-- AlterTable
ALTER TABLE "competition" ADD COLUMN     "custom_metric" JSONB;

-- AlterTable
ALTER TABLE "phase" ADD COLUMN     "accepts" "submission_kind"[] DEFAULT ARRAY['predictions']::"submission_kind"[],
ADD COLUMN     "image_digest" TEXT,
ADD COLUMN     "run_settings" JSONB;

-- AlterTable
ALTER TABLE "data_file" ADD COLUMN     "hidden" BOOLEAN NOT NULL DEFAULT false;

-- AlterTable
ALTER TABLE "submission" ADD COLUMN     "claimed_bytes" INTEGER,
ADD COLUMN     "claimed_hash" TEXT,
ADD COLUMN     "kind" "submission_kind" NOT NULL DEFAULT 'predictions',
ADD COLUMN     "needs" "submission_needs" NOT NULL DEFAULT 'score';

-- CreateTable
CREATE TABLE "run" (
    "submission_id" INTEGER NOT NULL,
    "attempt" INTEGER NOT NULL,
    "verifying" BOOLEAN NOT NULL DEFAULT false,
    "worker" TEXT NOT NULL,
    "runtime" TEXT NOT NULL,
    "image_name" TEXT NOT NULL,
    "image_digest" TEXT NOT NULL,
    "command" TEXT[],
    "limits" JSONB NOT NULL,
    "seed" INTEGER NOT NULL,
    "gpus" TEXT[],
    "received_at" TIMESTAMPTZ(3) NOT NULL,
    "claimed_at" TIMESTAMPTZ(3) NOT NULL,
    "prepared_at" TIMESTAMPTZ(3),
    "started_at" TIMESTAMPTZ(3),
    "exited_at" TIMESTAMPTZ(3),
    "scored_at" TIMESTAMPTZ(3),
    "ending" "run_ending",
    "exit_code" INTEGER,
    "sentence" TEXT,
    "fault" TEXT,
    "peak_memory_bytes" BIGINT,
    "cpu_seconds" DOUBLE PRECISION,
    "gpu_seconds" DOUBLE PRECISION,
    "samples" JSONB,
    "log_hash" TEXT,
    "log_bytes" INTEGER,
    "log_skipped" BIGINT,
    "output_hash" TEXT,
    "output_bytes" INTEGER,
    "notebook_hash" TEXT,
    "notebook_bytes" INTEGER,
    "scores" JSONB,

    CONSTRAINT "run_pkey" PRIMARY KEY ("submission_id","attempt")
);

-- CreateTable
CREATE TABLE "grader_image" (
    "digest" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "bytes" BIGINT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "grader_image_pkey" PRIMARY KEY ("digest")
);

-- CreateTable
CREATE TABLE "worker" (
    "name" TEXT NOT NULL,
    "started_at" TIMESTAMPTZ(3) NOT NULL,
    "seen_at" TIMESTAMPTZ(3) NOT NULL,
    "info" JSONB NOT NULL,

    CONSTRAINT "worker_pkey" PRIMARY KEY ("name")
);

-- CreateIndex
CREATE INDEX "grader_image_name_created_at_idx" ON "grader_image"("name", "created_at");

-- CreateIndex
CREATE INDEX "submission_waiting_idx" ON "submission"("needs", "priority", "id") WHERE (state in ('queued', 'running'));

-- AddForeignKey
ALTER TABLE "run" ADD CONSTRAINT "run_submission_id_fkey" FOREIGN KEY ("submission_id") REFERENCES "submission"("id") ON DELETE CASCADE ON UPDATE CASCADE;
