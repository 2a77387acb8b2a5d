/** Of a team that invites. */
export function companyText(members: number): string {
  return members === 1 ? 'They are alone so far.' : `They are ${members} so far.`;
}

/** What accepting does to what was sent. */
export function comesAlong(wholeTeam: boolean, submitted: boolean): string {
  if (!submitted) return '';
  const whose = wholeTeam ? 'Your team’s submissions come' : 'Your submissions come';
  return `${whose} along and count for all of you, against the limits too.`;
}
