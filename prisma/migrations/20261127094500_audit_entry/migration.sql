-- CreateTable
CREATE TABLE "audit_entry" (
    "id" SERIAL NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "course_id" INTEGER,
    "actor_id" INTEGER NOT NULL,
    "action" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "before" JSONB,
    "after" JSONB,

    CONSTRAINT "audit_entry_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "audit_entry_course_id_id_idx" ON "audit_entry"("course_id", "id");

-- AddForeignKey
ALTER TABLE "audit_entry" ADD CONSTRAINT "audit_entry_course_id_fkey" FOREIGN KEY ("course_id") REFERENCES "course"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "audit_entry" ADD CONSTRAINT "audit_entry_actor_id_fkey" FOREIGN KEY ("actor_id") REFERENCES "user"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- Append-only. What has to change it (anonymising a course, deleting one) says so for its own transaction:
-- set local topk.audit = 'may-change'
create function refuse_audit_change() returns trigger language plpgsql as $$
begin
  if current_setting('topk.audit', true) is distinct from 'may-change' then
    raise exception 'the audit log is append-only';
  end if;
  return coalesce(new, old);
end $$;

create trigger audit_entry_append_only before update or delete on "audit_entry"
  for each row execute function refuse_audit_change();
create trigger audit_entry_no_truncate before truncate on "audit_entry"
  for each statement execute function refuse_audit_change();
