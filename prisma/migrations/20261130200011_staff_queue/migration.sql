-- AlterTable
ALTER TABLE "submission" ADD COLUMN     "settled_attempt" INTEGER;

-- CreateIndex
CREATE INDEX "submission_matter_idx" ON "submission"("phase_id", "team_id") WHERE (state = 'failed' or fault is not null or alert is not null);
