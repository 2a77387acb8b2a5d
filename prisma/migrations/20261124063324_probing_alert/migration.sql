-- AlterTable
ALTER TABLE "submission" ADD COLUMN     "alert" TEXT;
