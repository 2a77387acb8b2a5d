import { Link } from '@tanstack/react-router';
import { AccountMenu } from './account-menu.tsx';
import classes from './shell.module.css';

export function Header() {
  return (
    <header className={classes.header}>
      <div className={classes.headerInner}>
        <Link to="/" className={classes.brand}>
          <svg viewBox="0 0 24 24" aria-hidden="true">
            <path d="M3 5h18" stroke="#f2b134" />
            <path d="M3 12h12" stroke="#7fd1bd" />
            <path d="M3 19h7" stroke="#4a9c8c" />
          </svg>
          <span aria-label="Topk" role="img">
            Top<sub>k</sub>
          </span>
        </Link>
        <AccountMenu />
      </div>
    </header>
  );
}
