//! A conversation without streams.

use std::collections::VecDeque;
use std::sync::mpsc;

use crate::lsp::Defaults;
use crate::lsp::server::{Event, Server};
use crate::lsp::transport::Incoming;

/// A conversation without streams, for the fuzz target.
#[derive(Debug)]
pub struct Session {
    server: Server,
    events: mpsc::Receiver<Event>,
}

impl Default for Session {
    fn default() -> Self {
        let (sender, events) = mpsc::channel();
        Session { server: Server::new(Defaults::default(), sender), events }
    }
}

impl Session {
    /// Sends a message, and returns what the server sends when it has nothing more to do.
    pub fn send(&mut self, message: &str) -> Vec<serde_json::Value> {
        self.server.handle(Event::Message(Incoming::parse(message.as_bytes())), &VecDeque::new());
        self.server.settle();
        while let Ok(event) = self.events.try_recv() {
            self.server.handle(event, &VecDeque::new());
        }
        self.server.take_messages()
    }
}
