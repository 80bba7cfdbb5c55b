//! Where passwords are hashed: threads of their own, few, at the back of the queue for the processor. Argon2 is heavy on
//! purpose, in time and in memory: elsewhere each thread that once hashed would keep its 19 MiB, and pages would wait.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::Context;
use kit::Result;
use tokio::sync::oneshot;

/// So many at once; the others queue.
const AT_ONCE: usize = 2;
/// Pages go first (`nice`, 19 being the last).
const NICENESS: i32 = 10;

type Work = Box<dyn FnOnce() + Send>;

/// The threads; they end with the last clone of this.
#[derive(Clone, Debug)]
pub struct Hachoir {
    queue: Sender<Work>,
}

impl Hachoir {
    pub fn start() -> Self {
        let (queue, works) = channel::<Work>();
        let works = Arc::new(Mutex::new(works));
        for _ in 0..AT_ONCE {
            let works = works.clone();
            std::thread::spawn(move || hash_for_ever(&works));
        }
        Self { queue }
    }

    /// Does this in its turn. Whoever no longer waits for it is passed over.
    pub async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
        let (give, take) = oneshot::channel();
        let work = move || {
            if !give.is_closed() {
                let _gone = give.send(work());
            }
        };
        self.queue.send(Box::new(work)).map_err(|_| anyhow::anyhow!("nobody hashes any more"))?;
        Ok(take.await.context("hashing stopped half-way")?)
    }
}

fn hash_for_ever(works: &Mutex<Receiver<Work>>) {
    // On Linux a niceness is that of the thread. Where it is refused, hashing is only less polite.
    let _refused = rustix::process::setpriority_process(Some(rustix::thread::gettid()), NICENESS);
    while let Some(work) = take(works) {
        if catch_unwind(AssertUnwindSafe(work)).is_err() {
            tracing::error!("hashing panicked");
        }
    }
}

fn take(works: &Mutex<Receiver<Work>>) -> Option<Work> {
    works.lock().unwrap_or_else(PoisonError::into_inner).recv().ok()
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::Duration;

    use super::*;

    #[tokio::test]
    async fn two_at_once_and_a_panic_stops_nobody() {
        let (hachoir, at_once, most) = (Hachoir::start(), Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        for _ in 0..4 {
            assert!(hachoir.run(|| -> () { panic!("on purpose") }).await.is_err());
        }
        let works = (0..10).map(|rang| {
            let (hachoir, at_once, most) = (hachoir.clone(), at_once.clone(), most.clone());
            tokio::spawn(async move {
                let work = move || {
                    most.fetch_max(at_once.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                    std::thread::sleep(Duration::from_millis(10));
                    at_once.fetch_sub(1, Ordering::SeqCst);
                    rang
                };
                hachoir.run(work).await.unwrap()
            })
        });
        let mut done = vec![];
        for work in works.collect::<Vec<_>>() {
            done.push(work.await.unwrap());
        }
        assert_eq!((done, most.load(Ordering::SeqCst)), ((0..10).collect(), AT_ONCE));
    }
}
