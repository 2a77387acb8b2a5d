import { Link } from '@tanstack/react-router';
import classes from './frame.module.css';
import { useCompetition } from './use-competition.ts';

/** The pages of a competition: those of everybody, and below them those from which staff run it. */
export function CompetitionTabs() {
  const { competition, phaseSlug, staff } = useCompetition();
  const place = { params: { slug: competition.slug }, search: { phase: phaseSlug } };
  const tab = {
    ...place,
    className: classes.tab,
    activeProps: { 'aria-current': 'page' as const },
    activeOptions: { includeSearch: false },
  };
  const hasTeams = competition.maxTeamSize > 1;
  return (
    <div className={classes.navigation}>
      <nav aria-label="Competition" className={classes.tabs}>
        <Link to="/competitions/$slug" {...tab} activeOptions={{ exact: true, includeSearch: false }}>
          Overview
        </Link>
        <Link to="/competitions/$slug/data" {...tab}>
          Data
        </Link>
        <Link to="/competitions/$slug/leaderboard" {...tab}>
          Leaderboard
        </Link>
        <Link to="/competitions/$slug/submit" {...tab}>
          Submit
        </Link>
        <Link to="/competitions/$slug/submissions" {...tab}>
          {staff ? 'Submissions' : 'My submissions'}
        </Link>
        {hasTeams && !staff ? (
          <Link to="/competitions/$slug/team" {...tab}>
            My team
          </Link>
        ) : null}
        {staff ? null : (
          <Link to="/competitions/$slug/my-grade" {...tab}>
            My grade
          </Link>
        )}
      </nav>
      {staff ? (
        <nav aria-label="For staff" className={classes.tabs}>
          <Link to="/competitions/$slug/grades" {...tab}>
            Grades
          </Link>
          <Link to="/competitions/$slug/insights" {...tab}>
            Insights
          </Link>
          <Link to="/competitions/$slug/extensions" {...tab}>
            Extensions
          </Link>
          {hasTeams ? (
            <Link to="/competitions/$slug/teams" {...tab}>
              Teams
            </Link>
          ) : null}
          <Link to="/competitions/$slug/scoring" {...tab}>
            Scoring
          </Link>
          {competition.role === 'instructor' ? (
            <>
              <Link to="/competitions/$slug/settings" {...tab}>
                Settings
              </Link>
              <Link to="/competitions/$slug/setup" {...tab}>
                Set-up
              </Link>
            </>
          ) : null}
        </nav>
      ) : null}
    </div>
  );
}
