-- AlterTable
ALTER TABLE "competition" ADD COLUMN     "show_small_boards" BOOLEAN NOT NULL DEFAULT false;

-- AlterTable
ALTER TABLE "team" ADD COLUMN     "rerolls" INTEGER NOT NULL DEFAULT 0;

-- AlterTable
ALTER TABLE "team_member" ADD COLUMN     "show_name" BOOLEAN NOT NULL DEFAULT false;
