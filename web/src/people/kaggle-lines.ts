/** `kaggle.json`, as the kaggle command reads it from ~/.kaggle/: an API token in the place of the key. */
export function kaggleJson(email: string, token: string): string {
  return `${JSON.stringify({ username: email, key: token })}\n`;
}

/** Lines for a shell that point the kaggle command at this server. It speaks plain http only: over https it goes through the Python client’s bridge. */
export function kaggleLines(origin: string, token: string): string {
  const bridged = [
    `curl -O ${origin}/client/topk.py`,
    `export TOPK_URL=${origin}`,
    `export TOPK_TOKEN=${token}`,
    'python topk.py kaggle competitions list',
  ];
  const direct = [
    'export KAGGLE_API_ENVIRONMENT=LOCALHOST',
    `export http_proxy=${origin}`,
    'export no_proxy=',
    `export KAGGLE_API_TOKEN=${token}`,
    'kaggle competitions list',
  ];
  return (origin.startsWith('https:') ? bridged : direct).join('\n');
}
