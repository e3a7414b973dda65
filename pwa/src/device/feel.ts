let audio: AudioContext | null = null;

/** A short buzz when something is saved; a soft click where the phone cannot buzz (iOS). */
export function feelSaved(): void {
  if (typeof navigator.vibrate === "function") navigator.vibrate(40);
  else click();
}

function click(): void {
  try {
    audio ??= new AudioContext();
    const tone = audio.createOscillator();
    const level = audio.createGain();
    tone.frequency.value = 880;
    level.gain.setValueAtTime(0.08, audio.currentTime);
    level.gain.exponentialRampToValueAtTime(0.001, audio.currentTime + 0.09);
    tone.connect(level).connect(audio.destination);
    tone.start();
    tone.stop(audio.currentTime + 0.1);
  } catch {
    // Sound is an extra; the word and the flash are the record.
  }
}
