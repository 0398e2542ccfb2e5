//! Ends a sync that goes on, at its next wait for the network. What was committed stays.

use std::{
    future::{Future, poll_fn},
    pin::pin,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    task::{Poll, Waker},
};

use sync_core::fieldbook::transport::TransportError;

use super::Problem;

/// A wish that the work at hand ends.
#[derive(Default)]
pub(super) struct Stop {
    asked: AtomicBool,
    waker: Mutex<Option<Waker>>,
}

impl Stop {
    /// Ends the work at hand; without any, nothing happens.
    pub(super) fn ask(&self) {
        let waker = self.waker();
        if let Some(waker) = waker {
            self.asked.store(true, Ordering::Release);
            waker.wake();
        }
    }

    /// Does `work` until it is done or somebody asks to stop; then it is dropped where it waits.
    pub(super) async fn unless_asked<T>(
        &self,
        work: impl Future<Output = Result<T, Problem>>,
    ) -> Result<T, Problem> {
        self.asked.store(false, Ordering::Release);
        let mut work = pin!(work);
        let done = poll_fn(|context| {
            self.set_waker(Some(context.waker().clone()));
            if self.asked.swap(false, Ordering::AcqRel) {
                return Poll::Ready(Err(TransportError::Cancelled.into()));
            }
            work.as_mut().poll(context)
        })
        .await;
        self.set_waker(None);
        done
    }

    fn waker(&self) -> Option<Waker> {
        let waker = self.waker.lock();
        waker.unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn set_waker(&self, waker: Option<Waker>) {
        *self.waker.lock().unwrap_or_else(PoisonError::into_inner) = waker;
    }
}
