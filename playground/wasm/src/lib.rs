//! What the playground calls: a request in, an answer out, both bytes in the memory of WebAssembly. JavaScript asks
//! for room, writes the request there, has it answered, and reads the answer.
//!
//! A request is JSON on one line, and after its line feed the contents of the file. The answer is JSON.

mod answer;
mod markdown;
mod utf16;

use std::sync::{Mutex, MutexGuard, PoisonError};

pub use answer::answer;

static REQUEST: Mutex<Vec<u8>> = Mutex::new(Vec::new());
static ANSWER: Mutex<Vec<u8>> = Mutex::new(Vec::new());

fn held(buffer: &Mutex<Vec<u8>>) -> MutexGuard<'_, Vec<u8>> {
    buffer.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Makes room for a request of so many bytes and says where it is.
#[expect(unsafe_code, reason = "its name is what JavaScript calls it by")]
#[unsafe(no_mangle)]
pub extern "C" fn room(bytes: usize) -> *mut u8 {
    let mut request = held(&REQUEST);
    *request = vec![0; bytes];
    request.as_mut_ptr()
}

/// Answers the request and says how many bytes the answer has.
#[expect(unsafe_code, reason = "its name is what JavaScript calls it by")]
#[unsafe(no_mangle)]
pub extern "C" fn call() -> usize {
    let request = std::mem::take(&mut *held(&REQUEST));
    let mut given = held(&ANSWER);
    *given = answer(&request);
    given.len()
}

/// Where the answer is.
#[expect(unsafe_code, reason = "its name is what JavaScript calls it by")]
#[unsafe(no_mangle)]
pub extern "C" fn answered() -> *const u8 {
    held(&ANSWER).as_ptr()
}
