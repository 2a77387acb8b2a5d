import { Outlet } from '@tanstack/react-router';
import { Header } from './header.tsx';
import { RouteAnnouncer } from './route-announcer.tsx';
import classes from './shell.module.css';
import { ViewingBanner } from './viewing-banner.tsx';

/** What is around every page. */
export function Shell() {
  return (
    <div className={classes.shell}>
      <a className={classes.skip} href="#main">
        Skip to the content
      </a>
      <Header />
      <ViewingBanner />
      <main id="main" tabIndex={-1} className={classes.main}>
        <Outlet />
      </main>
      <footer className={classes.footer}>
        <span>Topk</span>
        <a href="/api/docs">API</a>
      </footer>
      <RouteAnnouncer />
    </div>
  );
}
