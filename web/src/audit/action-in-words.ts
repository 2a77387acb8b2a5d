/** `putAnswerKey` → `put answer key`. */
export function actionInWords(action: string): string {
  return action.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}
