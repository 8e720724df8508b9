//! The language server: checks texts while they are edited, and answers what an editor asks about them. Knows no
//! arguments and no terminal, and opens no connection: everything goes over the streams that it is given.

mod actions;
mod check;
mod client;
mod completion;
mod cursor;
mod diagnostics;
#[cfg(fuzzing)]
mod fuzzing;
mod hover;
mod open;
mod place;
mod positions;
mod protocol;
mod rewrite;
mod server;
mod transport;
mod uri;
mod workspace;

use std::collections::VecDeque;
use std::io::{self, BufReader, Read, Write};
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread;
use std::time::Instant;

use crate::lsp::server::{Event, Server};
use crate::lsp::transport::{Incoming, read_frame, write_frame};
use crate::run::threads;

#[cfg(fuzzing)]
pub use fuzzing::Session;
pub(crate) use workspace::Defaults;

/// Serves one client until it says that it is done, or is gone. Returns whether it said so in the proper order.
///
/// # Errors
///
/// If nothing can be written, or no thread can be had.
pub(crate) fn serve(input: impl Read + Send + 'static, output: &mut dyn Write, defaults: Defaults) -> io::Result<bool> {
    threads::start();
    let (sender, events) = mpsc::channel();
    let reading = sender.clone();
    thread::Builder::new().name("reader".to_owned()).spawn(move || read(input, &reading))?;
    let mut server = Server::new(defaults, sender);
    let mut queue = VecDeque::new();
    loop {
        queue.extend(events.try_iter());
        let event = match queue.pop_front() {
            Some(event) => event,
            None => {
                server.settle();
                send(&mut server, output)?;
                match server.next_due().map(|due| due.saturating_duration_since(Instant::now())) {
                    None => events.recv().unwrap_or(Event::Closed),
                    Some(rest) => match events.recv_timeout(rest) {
                        Ok(event) => event,
                        Err(RecvTimeoutError::Timeout) => continue,
                        Err(RecvTimeoutError::Disconnected) => Event::Closed,
                    },
                }
            }
        };
        server.handle(event, &queue);
        send(&mut server, output)?;
        if let Some(is_proper) = server.ended() {
            return Ok(is_proper);
        }
    }
}

/// Reads messages until the stream ends.
fn read(input: impl Read, events: &Sender<Event>) {
    let mut input = BufReader::new(input);
    while let Ok(Some(body)) = read_frame(&mut input) {
        if events.send(Event::Message(Incoming::parse(&body))).is_err() {
            return;
        }
    }
    // The server may have ended before.
    let _ = events.send(Event::Closed);
}

fn send(server: &mut Server, output: &mut dyn Write) -> io::Result<()> {
    server.take_messages().iter().try_for_each(|message| write_frame(output, message))
}
