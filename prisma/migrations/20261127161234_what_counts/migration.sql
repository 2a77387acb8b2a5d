-- CreateEnum
CREATE TYPE "counting_rule" AS ENUM ('best', 'last', 'selected');

-- AlterTable
ALTER TABLE "phase" ADD COLUMN     "counts" "counting_rule" NOT NULL DEFAULT 'best',
ADD COLUMN     "select_max" INTEGER NOT NULL DEFAULT 2;

-- AlterTable
ALTER TABLE "submission" ADD COLUMN     "disqualified_at" TIMESTAMPTZ(3),
ADD COLUMN     "disqualified_reason" TEXT,
ADD COLUMN     "selected_at" TIMESTAMPTZ(3);
