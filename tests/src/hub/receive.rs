//! A request: bundles are opened, placed in their chain and judged; what is ready goes back.

use sync_core::{
    DeviceId, FormatError,
    bundle::{Bundle, ChainHead, Link, Opened, OutboxFile, open},
    sync::{
        BundleProblem, DeviceEntry, DeviceItem, FeedPart, PROTOCOL, Problem, SyncRequest,
        SyncResponse, VerdictStatus,
    },
};

use super::Hub;

impl Hub {
    /// Answers a request.
    pub fn sync(&mut self, request: &[u8]) -> Result<Vec<u8>, FormatError> {
        let bytes = request.len();
        let request = SyncRequest::from_bytes(request)?;
        let device = request.device;
        if !self.devices.contains_key(&device) {
            return Err(FormatError::new("unknown device"));
        }
        for file in request.carried.iter().flatten() {
            if let Ok(file) = OutboxFile::from_bytes(file) {
                for bundle in &file.bundles {
                    if self.take(bundle).is_some() {
                        break;
                    }
                }
            }
        }
        let mut problem = None;
        for bundle in &request.bundles {
            problem = if bundle.device == device {
                self.take(bundle)
            } else {
                Some(BundleProblem {
                    number: bundle.number,
                    problem: Problem::Rejected,
                })
            };
            if problem.is_some() {
                break;
            }
        }
        self.take_back(request.returned.clone().unwrap_or_default());
        let response = self.respond(&request, problem).to_bytes();
        self.tally.requests += 1;
        self.tally.bytes_up += bytes as u64;
        self.tally.bytes_down += response.len() as u64;
        Ok(response)
    }

    fn respond(&mut self, request: &SyncRequest, problem: Option<BundleProblem>) -> SyncResponse {
        let device = request.device;
        let down = self.downstream(request);
        SyncResponse {
            protocol: PROTOCOL,
            epoch: self.epoch,
            server_ms: self.now_ms,
            acknowledged: self.acknowledged(&device),
            backed_up: self.backed_up.get(&device).copied().unwrap_or(0),
            problem,
            items: down.items,
            feeds: if self.damage_feeds {
                damaged(down.feeds)
            } else {
                down.feeds
            },
            packs: down.packs,
            more: down.more,
            retry_after_ms: None,
            wants_returned: self.wants_returned.then_some(true),
            server_backed_up: Some(self.own_backed_up()),
        }
    }

    /// The last bundle received from a device.
    pub fn acknowledged(&self, device: &DeviceId) -> u64 {
        self.devices
            .get(device)
            .map_or(0, |device| device.chain.number)
    }

    /// Takes a bundle in, once; says what is wrong with it otherwise.
    fn take(&mut self, bundle: &Bundle) -> Option<BundleProblem> {
        let trouble = |problem| {
            Some(BundleProblem {
                number: bundle.number,
                problem,
            })
        };
        let Some(device) = self.devices.get(&bundle.device) else {
            return trouble(Problem::Rejected);
        };
        if bundle.number > device.chain.number + 1 {
            let number = device.chain.number + 1;
            return Some(BundleProblem {
                number,
                problem: Problem::SendFrom,
            });
        }
        let (key, _) = self.open_key();
        let opened = match open(bundle, &device.certificate, self, &key) {
            Ok(opened) => opened,
            Err(error) if error.wants_raw() && bundle.wire == 2 => {
                return trouble(Problem::SendRaw);
            }
            Err(_) => return trouble(Problem::Rejected),
        };
        match device
            .chain
            .place(&opened.manifest, |n| device.digests.get(&n).copied())
        {
            Link::Known => None,
            Link::Gap(number) => Some(BundleProblem {
                number,
                problem: Problem::SendFrom,
            }),
            Link::Fork => {
                if !self.forks.contains(&opened) {
                    self.forks.push(opened);
                }
                trouble(Problem::Fork)
            }
            Link::Next => {
                self.append(bundle.device, opened);
                None
            }
        }
    }

    fn append(&mut self, device: DeviceId, opened: Opened) {
        if let Some(device) = self.devices.get_mut(&device) {
            device.chain = ChainHead::after(&opened.manifest);
            device
                .digests
                .insert(opened.manifest.number, opened.digest());
        }
        let told = self.stream_len(device);
        for changes in opened.records {
            self.judge_part(device, &opened.manifest, changes);
        }
        self.say_in_one(device, opened.manifest.number, told);
    }

    fn stream_len(&self, device: DeviceId) -> usize {
        self.devices
            .get(&device)
            .map_or(0, |device| device.stream.len())
    }

    /// Where all of a bundle entered, one item says so in place of a verdict a record.
    fn say_in_one(&mut self, device: DeviceId, number: u64, told: usize) {
        let Some(known) = self.devices.get_mut(&device) else {
            return;
        };
        let entered = |entry: &DeviceEntry| match &entry.item {
            DeviceItem::Verdict(verdict) => {
                verdict.number == number && verdict.status == VerdictStatus::Accepted
            }
            _ => false,
        };
        let since = known.stream.get(told..).unwrap_or_default();
        if !since.is_empty() && since.iter().all(entered) {
            known.stream.truncate(told);
            self.tell(device, DeviceItem::Accepted { number });
        }
    }
}

fn damaged(mut feeds: Vec<FeedPart>) -> Vec<FeedPart> {
    for part in &mut feeds {
        part.body.truncate(part.body.len() / 2);
    }
    feeds
}
