import { Button, type ButtonProps } from '@mantine/core';
import { createLink } from '@tanstack/react-router';
import type { AnchorHTMLAttributes, ReactNode } from 'react';

type Props = ButtonProps & Omit<AnchorHTMLAttributes<HTMLAnchorElement>, keyof ButtonProps>;

function ButtonAnchor(props: Props) {
  return <Button component="a" {...props} />;
}

/** A link within the site that looks like a button. */
export const ButtonLink = createLink(ButtonAnchor);

/** A link to a file of the server's, which says the name to keep it under. */
export function DownloadButton({ href, children }: { href: string; children: ReactNode }) {
  return (
    <Button component="a" variant="default" size="xs" href={href} download>
      {children}
    </Button>
  );
}
