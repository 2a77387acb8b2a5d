import { describe, expect, it } from 'vitest';
import { acceptedFiles, acceptedWords, submitLabel } from './accepted.ts';

describe('what a phase accepts', () => {
  it('is said in words, as files, and on a button', () => {
    const all = ['predictions', 'code', 'notebook'] as const;
    expect(acceptedWords(all)).toBe('predictions, code or notebook');
    expect(acceptedFiles(all)).toContain('a .zip with main.py or main.ipynb at its top');
    expect(submitLabel(all)).toBe('Submit');
  });

  it('names no code where only predictions are taken', () => {
    expect(acceptedFiles(['predictions'])).toBe('Predictions as CSV or NumPy (.npy), also gzipped');
    expect(submitLabel(['predictions'])).toBe('Submit predictions');
  });

  it('asks for a notebook alone', () => {
    expect(acceptedFiles(['notebook'])).toBe('A notebook (.ipynb); a .zip with main.ipynb at its top');
    expect(submitLabel(['notebook'])).toBe('Submit a notebook');
  });
});
