/** Two soft tones, made here: no file has to be fetched. Browsers keep quiet until somebody used the page. */
export function chime(): void {
  const context = new AudioContext();
  const now = context.currentTime;
  [660, 880].forEach((frequency, place) => {
    const begin = now + place * 0.12;
    const tone = new OscillatorNode(context, { frequency });
    const volume = new GainNode(context, { gain: 0 });
    volume.gain.setValueAtTime(0, begin);
    volume.gain.linearRampToValueAtTime(0.08, begin + 0.02);
    volume.gain.exponentialRampToValueAtTime(0.001, begin + 0.25);
    tone.connect(volume).connect(context.destination);
    tone.start(begin);
    tone.stop(begin + 0.25);
    if (place === 1) {
      tone.onended = () => void context.close();
    }
  });
}
