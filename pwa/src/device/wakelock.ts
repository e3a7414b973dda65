let held: WakeLockSentinel | null = null;
let wanted = false;

/** True where the browser can keep the screen lit (iOS home-screen apps from 18.4). */
export function canStayAwake(): boolean {
  return "wakeLock" in navigator;
}

/** Keeps the screen lit while the walk runs. The system takes the lock back when the app is hidden, so it is asked for again. */
export function stayAwake(on: boolean): void {
  wanted = on;
  if (!on) {
    void held?.release();
    held = null;
    return;
  }
  void take();
}

async function take(): Promise<void> {
  if (!wanted || held || !canStayAwake() || document.visibilityState !== "visible") return;
  try {
    held = await navigator.wakeLock.request("screen");
    held.addEventListener("release", () => {
      held = null;
    });
  } catch {
    // Battery saver says no: the walk goes on with a screen that dims.
    held = null;
  }
}

if (typeof document !== "undefined") document.addEventListener("visibilitychange", () => void take());
