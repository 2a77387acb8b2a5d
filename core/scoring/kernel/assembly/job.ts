/** What one scoring run reads and writes: addresses in memory, set once per file by `useKey` and `useJob`. */
export let records: usize = 0
export let recordsEnd: usize = 0
export let idSlots: usize = 0
export let idMask: u32 = 0
export let classSlots: usize = 0
export let classMask: u32 = 0
export let classCount: u32 = 0
/** Classes are "0", "1", … and fit four digits: they are parsed, not looked up. */
export let numeric: bool = false

/** One u32 class index per row, 0 when only the form is checked. */
export let truth: usize = 0
/** One byte per row: 0xff not seen, 0 the true label is not in the list, else its rank. */
export let ranks: usize = 0
/** One u32 per class: the sequence number of the row that named it last. */
export let stamps: usize = 0
export let batch: usize = 0
/** The byte between two labels: a comma, a space, or 0 when the cell is one label. */
export let separator: u32 = 0
/** The number of labels that every row must hold, 0 for any. */
export let want: u32 = 0

export let sequence: u32 = 0
/** The record that the next row is expected to name. */
export let cursor: usize = 0
export let rows: u32 = 0

export function useKey(
  recordsAt: usize, recordsTo: usize, idSlotsAt: usize, idSlotMask: u32,
  classSlotsAt: usize, classSlotMask: u32, classes: u32, classesAreNumbers: bool,
): void {
  records = recordsAt
  recordsEnd = recordsTo
  idSlots = idSlotsAt
  idMask = idSlotMask
  classSlots = classSlotsAt
  classMask = classSlotMask
  classCount = classes
  numeric = classesAreNumbers
}

export function useJob(truthAt: usize, ranksAt: usize, rowCount: u32, stampsAt: usize, batchAt: usize): void {
  truth = truthAt
  ranks = ranksAt
  stamps = stampsAt
  batch = batchAt
  cursor = records
  sequence = 0
  rows = 0
  memory.fill(ranksAt, 0xff, rowCount)
  memory.fill(stampsAt, 0, (<usize>classCount) << 2)
}

export function useLayout(labelSeparator: u32, labelsPerRow: u32): void {
  separator = labelSeparator
  want = labelsPerRow
}

export function setCursor(record: usize): void {
  cursor = record
}
export function setRows(count: u32): void {
  rows = count
}
// @ts-ignore: decorator
@inline
export function nextSequence(): u32 {
  return ++sequence
}
