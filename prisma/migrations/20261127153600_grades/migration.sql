-- CreateEnum
CREATE TYPE "opinion" AS ENUM ('first', 'second');

-- CreateEnum
CREATE TYPE "regrade_state" AS ENUM ('open', 'granted', 'declined');

-- CreateTable
CREATE TABLE "grade_scheme" (
    "phase_id" INTEGER NOT NULL,
    "version" INTEGER NOT NULL,
    "scheme" JSONB NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "grade_scheme_pkey" PRIMARY KEY ("phase_id")
);

-- CreateTable
CREATE TABLE "rubric_mark" (
    "phase_id" INTEGER NOT NULL,
    "user_id" INTEGER NOT NULL,
    "item" TEXT NOT NULL,
    "opinion" "opinion" NOT NULL,
    "points" DOUBLE PRECISION NOT NULL,
    "comment" TEXT NOT NULL,
    "grader_id" INTEGER NOT NULL,
    "graded_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "rubric_mark_pkey" PRIMARY KEY ("phase_id","user_id","item","opinion")
);

-- CreateTable
CREATE TABLE "grade_override" (
    "phase_id" INTEGER NOT NULL,
    "user_id" INTEGER NOT NULL,
    "points" DOUBLE PRECISION NOT NULL,
    "reason" TEXT NOT NULL,
    "set_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "grade_override_pkey" PRIMARY KEY ("phase_id","user_id")
);

-- CreateTable
CREATE TABLE "grade_release" (
    "phase_id" INTEGER NOT NULL,
    "user_id" INTEGER NOT NULL,
    "grade" JSONB NOT NULL,
    "released_at" TIMESTAMPTZ(3) NOT NULL,
    "regrade_until" TIMESTAMPTZ(3),

    CONSTRAINT "grade_release_pkey" PRIMARY KEY ("phase_id","user_id")
);

-- CreateTable
CREATE TABLE "regrade_request" (
    "id" SERIAL NOT NULL,
    "phase_id" INTEGER NOT NULL,
    "user_id" INTEGER NOT NULL,
    "state" "regrade_state" NOT NULL DEFAULT 'open',
    "opened_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "decided_at" TIMESTAMPTZ(3),

    CONSTRAINT "regrade_request_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "regrade_message" (
    "id" SERIAL NOT NULL,
    "request_id" INTEGER NOT NULL,
    "author_id" INTEGER NOT NULL,
    "from_staff" BOOLEAN NOT NULL,
    "text" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "regrade_message_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "regrade_request_phase_id_id_idx" ON "regrade_request"("phase_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "regrade_request_open_key" ON "regrade_request"("phase_id", "user_id") WHERE (state = 'open');

-- CreateIndex
CREATE INDEX "regrade_message_request_id_id_idx" ON "regrade_message"("request_id", "id");

-- AddForeignKey
ALTER TABLE "grade_scheme" ADD CONSTRAINT "grade_scheme_phase_id_fkey" FOREIGN KEY ("phase_id") REFERENCES "phase"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "rubric_mark" ADD CONSTRAINT "rubric_mark_phase_id_fkey" FOREIGN KEY ("phase_id") REFERENCES "phase"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "rubric_mark" ADD CONSTRAINT "rubric_mark_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "user"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "rubric_mark" ADD CONSTRAINT "rubric_mark_grader_id_fkey" FOREIGN KEY ("grader_id") REFERENCES "user"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "grade_override" ADD CONSTRAINT "grade_override_phase_id_fkey" FOREIGN KEY ("phase_id") REFERENCES "phase"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "grade_override" ADD CONSTRAINT "grade_override_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "user"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "grade_release" ADD CONSTRAINT "grade_release_phase_id_fkey" FOREIGN KEY ("phase_id") REFERENCES "phase"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "grade_release" ADD CONSTRAINT "grade_release_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "user"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "regrade_request" ADD CONSTRAINT "regrade_request_phase_id_fkey" FOREIGN KEY ("phase_id") REFERENCES "phase"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "regrade_request" ADD CONSTRAINT "regrade_request_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "user"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "regrade_message" ADD CONSTRAINT "regrade_message_request_id_fkey" FOREIGN KEY ("request_id") REFERENCES "regrade_request"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "regrade_message" ADD CONSTRAINT "regrade_message_author_id_fkey" FOREIGN KEY ("author_id") REFERENCES "user"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
