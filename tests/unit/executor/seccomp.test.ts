import { expect, it } from 'vitest';
import { z } from 'zod';
import { seccompProfile } from '../../../worker/executor/seccomp.ts';

const Profile = z.object({
  defaultAction: z.string(),
  archMap: z.array(z.object({ architecture: z.string(), subArchitectures: z.array(z.string()) })),
  syscalls: z.array(
    z.object({
      names: z.array(z.string()),
      action: z.string(),
      args: z.array(z.object({ index: z.number(), value: z.number(), op: z.string() })).optional(),
    }),
  ),
});
const profile = Profile.parse(JSON.parse(seccompProfile()));
const open = profile.syscalls.filter(({ action, args }) => action === 'SCMP_ACT_ALLOW' && args === undefined);
const names = open.flatMap((rule) => rule.names);

it('refuses what it does not name', () => {
  expect(profile.defaultAction).toBe('SCMP_ACT_ERRNO');
  expect(profile.archMap.flatMap(({ subArchitectures }) => subArchitectures)).toEqual([]);
});

it.each(
  `ptrace process_vm_readv process_vm_writev pidfd_getfd kcmp userfaultfd bpf perf_event_open io_uring_setup io_uring_enter io_uring_register
  keyctl add_key request_key unshare setns mount umount2 move_mount fsopen fsmount open_tree mount_setattr pivot_root chroot swapon reboot
  init_module finit_module delete_module kexec_load open_by_handle_at name_to_handle_at fanotify_init quotactl acct settimeofday clock_settime
  clock_adjtime adjtimex iopl ioperm modify_ldt socket socketpair clone clone3 personality syslog sethostname nfsservctl vhangup lookup_dcookie
  mbind migrate_pages move_pages set_mempolicy`.split(/\s+/),
)('does not allow %s, whatever its arguments', (name) => {
  expect(names).not.toContain(name);
});

it('allows sockets of four families, and processes without new namespaces', () => {
  for (const call of ['socket', 'socketpair']) {
    const rules = profile.syscalls.filter((rule) => rule.names.includes(call));
    expect(rules.map(({ args }) => args?.[0]?.value)).toEqual([1, 2, 10, 16]);
  }
  const clone = profile.syscalls.find(({ names: [name] }) => name === 'clone');
  expect(clone?.args?.[0]).toMatchObject({ index: 0, value: 0x7e020000, op: 'SCMP_CMP_MASKED_EQ' });
});

it('names each call once, as the kernel does', () => {
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  expect(names.filter((name) => !/^[a-z_0-9]+$/.test(name))).toEqual([]);
});
