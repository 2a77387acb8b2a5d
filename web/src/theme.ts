import { createTheme, Modal, type CSSVariablesResolver, type MantineColorsTuple } from '@mantine/core';

const pine: MantineColorsTuple = [
  '#e8f5f1',
  '#cfe8e1',
  '#a3d4c7',
  '#72bfac',
  '#4aab94',
  '#2f9a82',
  '#1b8a72',
  '#107561',
  '#0a6353',
  '#064c40',
];
const dark: MantineColorsTuple = [
  '#dbe3e1',
  '#bac6c4',
  '#95a5a2',
  '#677774',
  '#3f4d4b',
  '#2d3937',
  '#1c2726',
  '#131c1b',
  '#0e1615',
  '#090f0e',
];

const mono =
  'ui-monospace, "SF Mono", "Cascadia Code", "JetBrains Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace';

export const theme = createTheme({
  primaryColor: 'pine',
  primaryShade: { light: 7, dark: 7 },
  colors: { pine, dark },
  fontFamily:
    '"Inter Variable", Inter, "Segoe UI", system-ui, -apple-system, "Helvetica Neue", "DejaVu Sans", Arial, sans-serif',
  fontFamilyMonospace: mono,
  headings: { fontWeight: '680' },
  defaultRadius: 'sm',
  radius: { sm: '5px', md: '9px' },
  focusRing: 'auto',
  cursorType: 'pointer',
  respectReducedMotion: true,
  components: {
    // Its button to close has only a picture, and its head would be a second banner of the page.
    Modal: Modal.extend({
      defaultProps: {
        closeButtonProps: { 'aria-label': 'Close' },
        attributes: { header: { role: 'presentation' } },
      },
    }),
  },
});

/** The page's own colours. Each text colour has at least 4.5:1 on each surface that it stands on, in both schemes. */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-body': '#faf9f5',
    '--mantine-color-text': '#17211f',
    '--mantine-color-dimmed': '#56625f',
    '--mantine-color-placeholder': '#6b7774',
    '--mantine-color-anchor': '#0a6353',
    '--mantine-color-error': '#b3261e',
    '--surface': '#ffffff',
    '--surface-sunken': '#f2f0ea',
    '--line': '#dedbd1',
    '--line-strong': '#b9b6a9',
    '--accent': '#107561',
    '--signal': '#b45309',
    '--signal-soft': '#fdf0d5',
    '--mine': '#fbf3df',
    '--good': '#1a7049',
    '--bad': '#b3261e',
    '--bad-soft': '#fdeceb',
    '--good-soft': '#e6f4ec',
  },
  dark: {
    '--mantine-color-body': '#0f1716',
    '--mantine-color-text': '#e3eae8',
    '--mantine-color-dimmed': '#98a8a5',
    '--mantine-color-placeholder': '#82928f',
    '--mantine-color-anchor': '#72bfac',
    '--mantine-color-error': '#ff8f85',
    '--surface': '#16201f',
    '--surface-sunken': '#0b1211',
    '--line': '#2a3735',
    '--line-strong': '#475754',
    '--accent': '#4aab94',
    '--signal': '#f2b134',
    '--signal-soft': '#3a2e14',
    '--mine': '#2c2714',
    '--good': '#6fcf9f',
    '--bad': '#ff8f85',
    '--bad-soft': '#3b1b19',
    '--good-soft': '#15301f',
  },
});
