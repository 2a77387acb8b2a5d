import { z } from 'zod';
import { CompetitionParams, Id, Instant } from './common.ts';
import type { Endpoint } from './endpoint.ts';
import { Email } from './people.ts';

/** Why something can’t be done now, for a person; null: it can. */
const Hindrance = z.string().nullable();

export const Teamwork = z
  .object({
    maxTeamSize: z.number().int(),
    locksAt: Instant.nullable().describe(
      'From when on teams can’t be changed: as it is set, and at the first due time at the latest',
    ),
    members: z
      .array(z.object({ name: z.string(), me: z.boolean() }))
      .describe('Of my team, by name; I am always there'),
    submitted: z.boolean().describe('Whether my team has sent anything yet'),
    invitations: z
      .array(
        z.object({
          id: z.number().int(),
          email: z.string().describe('As it was typed; whether it is a classmate’s isn’t told'),
          merge: z.boolean(),
          from: z.string().describe('The name of whoever of my team invited'),
        }),
      )
      .describe('Open ones of my team'),
    code: z.string().nullable().describe('With which classmates join my team; null: none was made'),
    received: z
      .array(
        z.object({
          id: z.number().int(),
          merge: z.boolean().describe('Whether it is a proposal that our teams become one'),
          from: z.string().describe('The name of whoever invites'),
          members: z.number().int().describe('How many they are'),
          hindrance: Hindrance,
        }),
      )
      .describe('Invitations to me, and proposals to my team'),
    hindrances: z
      .object({ invite: Hindrance, leave: Hindrance })
      .describe('What keeps me from inviting, be it a whole team, and from leaving'),
  })
  .meta({ id: 'Teamwork' });
export type Teamwork = z.infer<typeof Teamwork>;

const InvitationParams = CompetitionParams.extend({ id: Id });
const CodeParams = CompetitionParams.extend({ code: z.string().min(1).max(100) });

export const getTeamwork = {
  method: 'GET',
  url: '/api/v1/competitions/:slug/teamwork',
  schema: {
    operationId: 'getTeamwork',
    summary: 'Who is in my team, who is invited, and what can be changed now (students)',
    tags: ['Teams'],
    params: CompetitionParams,
    response: { 200: Teamwork },
  },
} as const satisfies Endpoint;

export const inviteToTeam = {
  method: 'POST',
  url: '/api/v1/competitions/:slug/team/invitations',
  schema: {
    operationId: 'inviteToTeam',
    summary: 'Invite a classmate by their address, or propose to their team that both become one (students)',
    description:
      'They see my name and how many we are. The answer is the same whether or not the address is of a student of the course.',
    tags: ['Teams'],
    params: CompetitionParams,
    body: z.strictObject({
      email: Email,
      merge: z.boolean().default(false).describe('Whether their whole team is meant'),
    }),
    response: { 200: Teamwork },
  },
} as const satisfies Endpoint;

export const withdrawInvitation = {
  method: 'DELETE',
  url: '/api/v1/competitions/:slug/team/invitations/:id',
  schema: {
    operationId: 'withdrawInvitation',
    summary: 'Take an open invitation of my team back (students)',
    tags: ['Teams'],
    params: InvitationParams,
    response: { 200: Teamwork },
  },
} as const satisfies Endpoint;

export const makeTeamCode = {
  method: 'POST',
  url: '/api/v1/competitions/:slug/team/code',
  schema: {
    operationId: 'makeTeamCode',
    summary: 'Make a code with which classmates join my team; the one before ends (students)',
    tags: ['Teams'],
    params: CompetitionParams,
    response: { 200: Teamwork },
  },
} as const satisfies Endpoint;

export const endTeamCode = {
  method: 'DELETE',
  url: '/api/v1/competitions/:slug/team/code',
  schema: {
    operationId: 'endTeamCode',
    summary: 'End the code of my team (students)',
    tags: ['Teams'],
    params: CompetitionParams,
    response: { 200: Teamwork },
  },
} as const satisfies Endpoint;

export const leaveTeam = {
  method: 'POST',
  url: '/api/v1/competitions/:slug/team/leave',
  schema: {
    operationId: 'leaveTeam',
    summary: 'Leave my team, which must not have sent anything yet (students)',
    tags: ['Teams'],
    params: CompetitionParams,
    response: { 200: Teamwork },
  },
} as const satisfies Endpoint;

export const acceptInvitation = {
  method: 'POST',
  url: '/api/v1/competitions/:slug/invitations/:id/accept',
  schema: {
    operationId: 'acceptInvitation',
    summary: 'Join the team that invites me, or let the two teams become one (students)',
    description:
      'What was sent before comes along, and together it may be no more than one team could have sent so far.',
    tags: ['Teams'],
    params: InvitationParams,
    response: { 200: Teamwork },
  },
} as const satisfies Endpoint;

export const declineInvitation = {
  method: 'POST',
  url: '/api/v1/competitions/:slug/invitations/:id/decline',
  schema: {
    operationId: 'declineInvitation',
    summary: 'Decline an invitation, or a proposal to my team (students)',
    tags: ['Teams'],
    params: InvitationParams,
    response: { 200: Teamwork },
  },
} as const satisfies Endpoint;

export const TeamOffer = z
  .object({
    from: z.string().describe('The name of whoever made the code'),
    members: z.number().int(),
    hindrance: Hindrance.describe('Why I can’t join now'),
  })
  .meta({ id: 'TeamOffer' });
export type TeamOffer = z.infer<typeof TeamOffer>;

export const getTeamCode = {
  method: 'GET',
  url: '/api/v1/competitions/:slug/team-codes/:code',
  schema: {
    operationId: 'getTeamCode',
    summary: 'Whose team a code is of, and whether I can join it (students)',
    tags: ['Teams'],
    params: CodeParams,
    response: { 200: TeamOffer },
  },
} as const satisfies Endpoint;

export const joinTeam = {
  method: 'POST',
  url: '/api/v1/competitions/:slug/team-codes/:code',
  schema: {
    operationId: 'joinTeam',
    summary: 'Join a team by its code; as by an invitation (students)',
    tags: ['Teams'],
    params: CodeParams,
    response: { 200: Teamwork },
  },
} as const satisfies Endpoint;
