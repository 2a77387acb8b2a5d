-- AlterTable
ALTER TABLE "course" ADD COLUMN     "late_bank_days" INTEGER NOT NULL DEFAULT 0;

-- AlterTable
ALTER TABLE "phase" ADD COLUMN     "grace_minutes" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "late_policy" JSONB NOT NULL DEFAULT '{"kind": "none"}',
ADD COLUMN     "late_until" TIMESTAMPTZ(3);

-- CreateTable
CREATE TABLE "extension" (
    "id" SERIAL NOT NULL,
    "phase_id" INTEGER NOT NULL,
    "user_id" INTEGER,
    "team_id" INTEGER,
    "due_at" TIMESTAMPTZ(3),
    "late_until" TIMESTAMPTZ(3),
    "reason" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "created_by_id" INTEGER NOT NULL,

    CONSTRAINT "extension_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "accommodation" (
    "course_id" INTEGER NOT NULL,
    "user_id" INTEGER NOT NULL,
    "extra_days" INTEGER NOT NULL DEFAULT 0,
    "time_factor" DOUBLE PRECISION NOT NULL DEFAULT 1,
    "reason" TEXT NOT NULL,
    "set_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "accommodation_pkey" PRIMARY KEY ("course_id","user_id")
);

-- CreateIndex
CREATE INDEX "extension_phase_id_idx" ON "extension"("phase_id");

-- AddForeignKey
ALTER TABLE "extension" ADD CONSTRAINT "extension_phase_id_fkey" FOREIGN KEY ("phase_id") REFERENCES "phase"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "extension" ADD CONSTRAINT "extension_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "extension" ADD CONSTRAINT "extension_team_id_fkey" FOREIGN KEY ("team_id") REFERENCES "team"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "extension" ADD CONSTRAINT "extension_created_by_id_fkey" FOREIGN KEY ("created_by_id") REFERENCES "user"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "accommodation" ADD CONSTRAINT "accommodation_course_id_fkey" FOREIGN KEY ("course_id") REFERENCES "course"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "accommodation" ADD CONSTRAINT "accommodation_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- Prisma has no checks.
alter table "extension" add constraint "extension_of_one" check (num_nonnulls("user_id", "team_id") = 1);
alter table "extension" add constraint "extension_says_something" check (num_nonnulls("due_at", "late_until") > 0);
alter table "accommodation" add constraint "accommodation_gives_time" check ("extra_days" between 0 and 60 and "time_factor" between 1 and 10);
alter table "phase" add constraint "phase_grace" check ("grace_minutes" between 0 and 1440);
alter table "course" add constraint "course_late_bank" check ("late_bank_days" between 0 and 365);
