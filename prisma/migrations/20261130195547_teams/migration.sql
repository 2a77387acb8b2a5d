-- AlterTable
ALTER TABLE "competition" ADD COLUMN     "max_team_size" INTEGER NOT NULL DEFAULT 1,
ADD COLUMN     "teams_lock_at" TIMESTAMPTZ(3);

-- AlterTable
ALTER TABLE "team_member" ADD COLUMN     "kept_team_id" INTEGER;

-- CreateTable
CREATE TABLE "team_invitation" (
    "id" SERIAL NOT NULL,
    "team_id" INTEGER NOT NULL,
    "created_by_id" INTEGER NOT NULL,
    "email" TEXT,
    "code" TEXT,
    "merge" BOOLEAN NOT NULL DEFAULT false,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "ended_at" TIMESTAMPTZ(3),

    CONSTRAINT "team_invitation_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "team_invitation_code_key" ON "team_invitation"("code");

-- CreateIndex
CREATE INDEX "team_invitation_email_idx" ON "team_invitation"("email");

-- CreateIndex
CREATE UNIQUE INDEX "team_invitation_open_key" ON "team_invitation"("team_id", "email", "merge") WHERE (ended_at is null and email is not null);

-- CreateIndex
CREATE UNIQUE INDEX "team_invitation_open_code_key" ON "team_invitation"("team_id") WHERE (ended_at is null and code is not null);

-- AddForeignKey
ALTER TABLE "team_member" ADD CONSTRAINT "team_member_kept_team_id_fkey" FOREIGN KEY ("kept_team_id") REFERENCES "team"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "team_invitation" ADD CONSTRAINT "team_invitation_team_id_fkey" FOREIGN KEY ("team_id") REFERENCES "team"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "team_invitation" ADD CONSTRAINT "team_invitation_created_by_id_fkey" FOREIGN KEY ("created_by_id") REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- What was looked up from the submissions until now.
update team_member
set kept_team_id = (
  select team.id
  from submission
  join team on team.id = submission.team_id
  join team own on own.id = team_member.team_id
  where submission.user_id = team_member.user_id
    and team.competition_id = team_member.competition_id
    and team.kind <> 'baseline'
    and team.kind <> own.kind
  order by submission.id desc
  limit 1
);
