import classes from './toggles.module.css';

interface Props<Value extends string> {
  readonly label: string;
  readonly options: readonly { readonly value: Value; readonly label: string }[];
  /** Undefined: none is. */
  readonly chosen: Value | undefined;
  readonly onChoose: (value: Value) => void;
}

/** A row of buttons of which at most one is pressed. */
export function Toggles<Value extends string>({ label, options, chosen, onChoose }: Props<Value>) {
  return (
    <div role="group" aria-label={label} className={classes.toggles}>
      {options.map((option) => (
        <button
          key={option.value}
          type="button"
          className={classes.option}
          aria-pressed={option.value === chosen}
          onClick={() => onChoose(option.value)}
        >
          {option.label}
        </button>
      ))}
    </div>
  );
}
