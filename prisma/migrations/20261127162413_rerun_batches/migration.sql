-- CreateEnum
CREATE TYPE "rerun_batch_state" AS ENUM ('running', 'paused', 'cancelled', 'done');

-- CreateTable
CREATE TABLE "rerun_batch" (
    "id" SERIAL NOT NULL,
    "phase_id" INTEGER NOT NULL,
    "state" "rerun_batch_state" NOT NULL DEFAULT 'running',
    "run_code" BOOLEAN NOT NULL,
    "created_by_id" INTEGER NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "ended_at" TIMESTAMPTZ(3),

    CONSTRAINT "rerun_batch_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "rerun_batch_item" (
    "batch_id" INTEGER NOT NULL,
    "submission_id" INTEGER NOT NULL,
    "queued_at" TIMESTAMPTZ(3),
    "done_at" TIMESTAMPTZ(3),

    CONSTRAINT "rerun_batch_item_pkey" PRIMARY KEY ("batch_id","submission_id")
);

-- CreateIndex
CREATE UNIQUE INDEX "rerun_batch_open_key" ON "rerun_batch"("phase_id") WHERE (state in ('running', 'paused'));

-- AddForeignKey
ALTER TABLE "rerun_batch" ADD CONSTRAINT "rerun_batch_phase_id_fkey" FOREIGN KEY ("phase_id") REFERENCES "phase"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "rerun_batch" ADD CONSTRAINT "rerun_batch_created_by_id_fkey" FOREIGN KEY ("created_by_id") REFERENCES "user"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "rerun_batch_item" ADD CONSTRAINT "rerun_batch_item_batch_id_fkey" FOREIGN KEY ("batch_id") REFERENCES "rerun_batch"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "rerun_batch_item" ADD CONSTRAINT "rerun_batch_item_submission_id_fkey" FOREIGN KEY ("submission_id") REFERENCES "submission"("id") ON DELETE CASCADE ON UPDATE CASCADE;
