//! The threads of a run: as many as are asked for and can be had, down to the one that there is.

use std::sync::Once;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{self, Sender};
use std::thread::{self, JoinHandle};
use std::{env, io};

use rayon::prelude::*;
use rayon::{ThreadBuilder, ThreadPoolBuilder};

/// The most threads that are started.
pub(crate) const MOST: u16 = 256;

/// The most threads that walk through directories.
const MOST_WALKERS: usize = 12;

/// How often is looked whether threads that have ended are gone.
const MOST_LOOKS: usize = 1000;

/// How many threads are asked for; 0 for as many as there are processors.
static ASKED: AtomicUsize = AtomicUsize::new(0);

/// Sets how many threads are asked for, before any is started; 0 for as many as there are processors.
pub(crate) fn ask_for(count: u16) {
    ASKED.store(count.into(), Ordering::Relaxed);
}

fn asked() -> usize {
    let set = Some(ASKED.load(Ordering::Relaxed)).filter(|count| *count > 0);
    // The variable of rayon.
    let in_environment = || env::var("RAYON_NUM_THREADS").ok()?.parse().ok().filter(|count| *count > 0);
    let processors = || thread::available_parallelism().map_or(1, usize::from);
    set.or_else(in_environment).unwrap_or_else(processors).min(MOST.into())
}

/// Starts the threads that rayon works with, unless they are started. Call it before what is done in parallel, first
/// on the main thread: rayon's own start panics where no thread can be had.
pub(crate) fn start() {
    static STARTED: Once = Once::new();
    STARTED.call_once(|| {
        let waiting = wait_for_work(asked());
        let pool = ThreadPoolBuilder::new();
        // A pool that another part of the process has started is as good.
        let _ = if waiting.is_empty() {
            pool.num_threads(1).use_current_thread().build_global()
        } else {
            let hand_over = |thread: ThreadBuilder| waiting[thread.index()].run(|| thread.run());
            pool.num_threads(waiting.len()).spawn_handler(hand_over).build_global()
        };
    });
}

/// Applies a function to items on the threads that rayon works with; to a single one on this thread, as starting others
/// takes longer.
pub(super) fn map<T: Sync, R: Send>(items: &[T], apply: impl Fn(&T) -> R + Sync) -> Vec<R> {
    if items.len() < 2 {
        return items.iter().map(apply).collect();
    }
    start();
    items.par_iter().map(&apply).collect()
}

/// A thread that waits for its work.
pub(super) struct Waiting {
    sender: Sender<Work>,
    thread: JoinHandle<()>,
}

/// What a thread is to do.
type Work = Box<dyn FnOnce() + Send>;

impl Waiting {
    /// Starts a thread, unless there can be no more.
    pub(super) fn start() -> Option<Self> {
        let (sender, receiver) = mpsc::channel::<Work>();
        let run = move || receiver.recv().into_iter().for_each(|work| work());
        thread::Builder::new().spawn(run).ok().map(|thread| Waiting { sender, thread })
    }

    /// Has the thread do its work.
    ///
    /// # Errors
    ///
    /// If it has ended.
    pub(super) fn run(&self, work: impl FnOnce() + Send + 'static) -> io::Result<()> {
        self.sender.send(Box::new(work)).map_err(|_| io::Error::other("the thread has ended"))
    }
}

/// Starts threads that wait for work, fewer if there can be no more.
fn wait_for_work(count: usize) -> Vec<Waiting> {
    (0..count).map_while(|_| Waiting::start()).collect()
}

/// How many threads can walk through directories. A walk waits for ever if one of its threads cannot be started, so
/// twice as many must be to be had.
pub(crate) fn walkers() -> usize {
    let wanted = asked().min(MOST_WALKERS);
    if wanted == 1 {
        return 1;
    }
    let before = counted_by_system();
    let waiting = wait_for_work(2 * wanted);
    let found = waiting.len();
    for Waiting { sender, thread } in waiting {
        drop(sender);
        let _ = thread.join();
    }
    // A thread that has ended is counted for a moment more.
    for _ in 0..MOST_LOOKS {
        if counted_by_system() <= before {
            break;
        }
        thread::yield_now();
    }
    (found / 2).max(1)
}

/// How many threads this process has, if the system says so.
fn counted_by_system() -> Option<usize> {
    std::fs::read_dir("/proc/self/task").ok().map(Iterator::count)
}
