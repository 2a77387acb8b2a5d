import { describe, expect, it } from 'vitest';
import { kaggleJson, kaggleLines } from './kaggle-lines.ts';

describe('what points the kaggle command at this server', () => {
  it('never leaves out the variable without which it talks to kaggle.com', () => {
    expect(kaggleLines('http://127.0.0.1:3000', 'topk_x').split('\n')).toEqual([
      'export KAGGLE_API_ENVIRONMENT=LOCALHOST',
      'export http_proxy=http://127.0.0.1:3000',
      'export no_proxy=',
      'export KAGGLE_API_TOKEN=topk_x',
      'kaggle competitions list',
    ]);
  });

  it('goes through the bridge over https', () => {
    const lines = kaggleLines('https://topk.example.edu', 'topk_x');
    expect(lines).toContain('export TOPK_URL=https://topk.example.edu');
    expect(lines).toContain('python topk.py kaggle competitions list');
    expect(lines).not.toContain('http_proxy');
  });

  it('writes kaggle.json', () => {
    expect(JSON.parse(kaggleJson('ada@example.edu', 'topk_x'))).toEqual({ username: 'ada@example.edu', key: 'topk_x' });
  });
});
