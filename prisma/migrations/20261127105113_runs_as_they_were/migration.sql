-- AlterTable
ALTER TABLE "data_file" ADD COLUMN     "phase_id" INTEGER;

-- AlterTable
ALTER TABLE "submission" ADD COLUMN     "as_attempt" INTEGER;

-- AlterTable
ALTER TABLE "run" ADD COLUMN     "answer_key_hash" TEXT,
ADD COLUMN     "cell_seconds" INTEGER,
ADD COLUMN     "inputs" JSONB,
ADD COLUMN     "output_name" TEXT,
ALTER COLUMN "seed" SET DATA TYPE BIGINT;

-- AddForeignKey
ALTER TABLE "data_file" ADD CONSTRAINT "data_file_phase_id_fkey" FOREIGN KEY ("phase_id") REFERENCES "phase"("id") ON DELETE CASCADE ON UPDATE CASCADE;
