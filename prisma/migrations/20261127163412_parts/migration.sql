-- AlterTable
ALTER TABLE "phase" ADD COLUMN     "parts" JSONB NOT NULL DEFAULT '[]';

-- AlterTable
ALTER TABLE "submission" ADD COLUMN     "part" TEXT;
