//! A clock that counts the ticks of the core, without interrupts.

use core::time::Duration;

use cortex_m::peripheral::SYST;
use cortex_m::peripheral::syst::SystClkSource;
use firmware::Clock;

/// Of the LM3S6965 after its reset, as QEMU emulates it.
const TICKS_PER_MILLISECOND: u32 = 12_500;
const MASK: u32 = 0x00FF_FFFF;

/// It loses time if it is not read at least once a second. Loops that wait read it all the time.
pub struct SysTick {
    last: u32,
    ticks: u32,
    milliseconds: u32,
}

impl SysTick {
    pub fn new(mut timer: SYST) -> Self {
        timer.set_clock_source(SystClkSource::Core);
        timer.set_reload(MASK);
        timer.clear_current();
        timer.enable_counter();
        Self {
            last: SYST::get_current(),
            ticks: 0,
            milliseconds: 0,
        }
    }
}

impl Clock for SysTick {
    fn now(&mut self) -> Duration {
        let now = SYST::get_current();
        self.ticks += self.last.wrapping_sub(now) & MASK;
        self.last = now;
        while self.ticks >= TICKS_PER_MILLISECOND {
            self.ticks -= TICKS_PER_MILLISECOND;
            self.milliseconds += 1;
        }
        Duration::from_millis(self.milliseconds.into())
    }
}
