/** What browsers record, the best first; the server tells them apart by content. */
const TYPES = ['audio/webm;codecs=opus', 'audio/ogg;codecs=opus', 'audio/mp4'];
/** Bits a second: speech needs no more. */
const RATE = 32_000;

/** Whether this browser can record here; without a secure connection it cannot. */
export function canRecord(): boolean {
  const devices = navigator.mediaDevices as MediaDevices | undefined;
  return typeof MediaRecorder !== 'undefined' && !!devices?.getUserMedia;
}

/** The microphone, while somebody speaks. */
export class Recorder {
  private constructor(private readonly stream: MediaStream) {
    const mimeType = TYPES.find(type => MediaRecorder.isTypeSupported(type));
    this.recorder = new MediaRecorder(stream, {
      mimeType,
      audioBitsPerSecond: RATE
    });
    this.recorder.ondataavailable = ({ data }) => this.pieces.push(data);
    this.context.createMediaStreamSource(stream).connect(this.analyser);
    this.recorder.start();
  }

  /** Begin, once the person lets the page use the microphone. Throws a DOMException. */
  static async start(): Promise<Recorder> {
    const { mediaDevices } = navigator;
    return new Recorder(await mediaDevices.getUserMedia({ audio: true }));
  }

  /** How loud it is just now, from 0 to 1. */
  get level(): number {
    const samples = new Uint8Array(this.analyser.fftSize);
    this.analyser.getByteTimeDomainData(samples);
    const peak = samples.reduce(
      (most, sample) => Math.max(most, Math.abs(sample - 128)),
      0
    );
    return Math.min(1, peak / 64);
  }

  /** Seconds since it began. */
  get seconds(): number {
    return (performance.now() - this.began) / 1000;
  }

  /** End, and get what was recorded. */
  stop(): Promise<Blob> {
    return new Promise(resolve => {
      this.recorder.onstop = () => {
        this.release();
        resolve(new Blob(this.pieces, { type: this.recorder.mimeType }));
      };
      this.recorder.stop();
    });
  }

  /** End, and keep nothing. */
  cancel(): void {
    this.recorder.ondataavailable = null;
    this.recorder.onstop = null;
    if (this.recorder.state !== 'inactive') {
      this.recorder.stop();
    }
    this.release();
  }

  private release(): void {
    this.stream.getTracks().forEach(track => track.stop());
    void this.context.close();
  }

  private readonly recorder: MediaRecorder;
  private readonly pieces: Blob[] = [];
  private readonly began = performance.now();
  private readonly context = new AudioContext();
  private readonly analyser = new AnalyserNode(this.context, { fftSize: 1024 });
}
