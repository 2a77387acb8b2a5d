-- CreateEnum
CREATE TYPE "hook_format" AS ENUM ('json', 'slack', 'discord');

-- CreateEnum
CREATE TYPE "hook_event" AS ENUM ('competition_opened', 'submission_scored', 'grade_released', 'run_failed', 'test');

-- CreateEnum
CREATE TYPE "hook_delivery_state" AS ENUM ('waiting', 'delivered', 'failed');

-- CreateTable
CREATE TABLE "hook" (
    "id" SERIAL NOT NULL,
    "course_id" INTEGER NOT NULL,
    "owner_id" INTEGER,
    "name" TEXT NOT NULL,
    "url" TEXT NOT NULL,
    "format" "hook_format" NOT NULL,
    "events" "hook_event"[],
    "secret" TEXT NOT NULL,
    "old_secret" TEXT,
    "old_until" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "failing_since" TIMESTAMPTZ(3),
    "disabled_at" TIMESTAMPTZ(3),
    "disabled_reason" TEXT,

    CONSTRAINT "hook_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "hook_delivery" (
    "id" SERIAL NOT NULL,
    "hook_id" INTEGER NOT NULL,
    "message_id" TEXT NOT NULL,
    "event" "hook_event" NOT NULL,
    "data" JSONB NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "state" "hook_delivery_state" NOT NULL DEFAULT 'waiting',
    "tries" INTEGER NOT NULL DEFAULT 0,
    "attempt" INTEGER NOT NULL DEFAULT 0,
    "try_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "lease_until" TIMESTAMPTZ(3),
    "ended_at" TIMESTAMPTZ(3),
    "reason" TEXT,

    CONSTRAINT "hook_delivery_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "hook_attempt" (
    "delivery_id" INTEGER NOT NULL,
    "attempt" INTEGER NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "took_ms" INTEGER NOT NULL,
    "status" INTEGER,
    "answer" TEXT NOT NULL DEFAULT '',
    "error" TEXT,

    CONSTRAINT "hook_attempt_pkey" PRIMARY KEY ("delivery_id","attempt")
);

-- CreateTable
CREATE TABLE "phase_opening" (
    "phase_id" INTEGER NOT NULL,
    "told_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "phase_opening_pkey" PRIMARY KEY ("phase_id")
);

-- CreateIndex
CREATE INDEX "hook_course_id_idx" ON "hook"("course_id");

-- CreateIndex
CREATE INDEX "hook_delivery_hook_id_id_idx" ON "hook_delivery"("hook_id", "id");

-- CreateIndex
CREATE INDEX "hook_delivery_waiting_idx" ON "hook_delivery"("try_at", "id") WHERE (state = 'waiting');

-- CreateIndex
CREATE INDEX "hook_delivery_leased_idx" ON "hook_delivery"("hook_id") WHERE (lease_until is not null);

-- AddForeignKey
ALTER TABLE "hook" ADD CONSTRAINT "hook_course_id_fkey" FOREIGN KEY ("course_id") REFERENCES "course"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "hook" ADD CONSTRAINT "hook_owner_id_fkey" FOREIGN KEY ("owner_id") REFERENCES "user"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "hook_delivery" ADD CONSTRAINT "hook_delivery_hook_id_fkey" FOREIGN KEY ("hook_id") REFERENCES "hook"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "hook_attempt" ADD CONSTRAINT "hook_attempt_delivery_id_fkey" FOREIGN KEY ("delivery_id") REFERENCES "hook_delivery"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "phase_opening" ADD CONSTRAINT "phase_opening_phase_id_fkey" FOREIGN KEY ("phase_id") REFERENCES "phase"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- What is open already is no news.
INSERT INTO "phase_opening" ("phase_id")
SELECT "phase"."id"
FROM "phase"
JOIN "competition" ON "competition"."id" = "phase"."competition_id"
WHERE "competition"."published_at" IS NOT NULL AND coalesce("phase"."opens_at" <= now(), true);
