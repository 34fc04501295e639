//! The filter in Envoy.

use std::cell::Cell;
use std::rc::Rc;
use std::time::{Duration, SystemTime};

use proxy_wasm::hostcalls;
use proxy_wasm::traits::{Context, HttpContext, RootContext};
use proxy_wasm::types::{Action, ContextType, LogLevel, MapType, MetricType};

use crate::config::Config;
use crate::decide::{Decision, Keeper, Kind};
use crate::random;
use crate::replay::{Shared, get_or_make};

/// A version that no value has: Envoy counts writes from 1. If it names no value, Envoy writes a new one.
const NO_VERSION: u32 = u32::MAX;
/// The name of the user in the filter state, with the prefix `wasm.`.
const USER_STATE: &str = "proxy_auth_user";
const AUTHORIZATION: &str = "proxy-authorization";
const INFO: &str = "proxy-authentication-info";

/// Registers the filter.
#[cfg_attr(not(target_arch = "wasm32"), expect(dead_code, reason = "only a host calls it"))]
pub(crate) fn start() {
    proxy_wasm::set_root_context(|_| Box::new(Root { filter: None }));
}

/// The shared data of Envoy.
struct SharedData;

impl Shared for SharedData {
    fn get(&self, key: &str) -> Option<(Vec<u8>, u32)> {
        match hostcalls::get_shared_data(key) {
            Ok((Some(value), Some(version))) => Some((value, version)),
            _ => None,
        }
    }

    fn set(&self, key: &str, value: &[u8], version: Option<u32>) -> bool {
        hostcalls::set_shared_data(key, Some(value), Some(version.unwrap_or(NO_VERSION))).is_ok()
    }
}

struct Counters {
    passed: u32,
    challenged: u32,
    refused: u32,
    stale: u32,
}

struct Filter {
    keeper: Keeper,
    counters: Counters,
    unique: Cell<u64>,
}

struct Root {
    filter: Option<Rc<Filter>>,
}

impl Context for Root {}

impl RootContext for Root {
    fn on_configure(&mut self, _: usize) -> bool {
        let json = self.get_plugin_configuration().unwrap_or_default();
        match create(&json) {
            Ok(filter) => {
                self.filter = Some(Rc::new(filter));
                true
            }
            Err(error) => {
                self.filter = None;
                log(
                    LogLevel::Critical,
                    &format!("proxy-auth: wrong configuration, nothing passes: {error}"),
                );
                false
            }
        }
    }

    fn create_http_context(&self, _: u32) -> Option<Box<dyn HttpContext>> {
        Some(Box::new(Exchange {
            filter: self.filter.clone(),
            info: None,
        }))
    }

    fn get_type(&self) -> Option<ContextType> {
        Some(ContextType::HttpContext)
    }
}

fn create(json: &[u8]) -> Result<Filter, String> {
    let config = Config::parse(json).map_err(|error| error.to_string())?;
    let no_random = || "the host has no random source, or no shared data".to_owned();
    let prefix = config.prefix();
    let key = if config.offers_digest() {
        get_or_make(&SharedData, &format!("{prefix}/key"), random::bytes).ok_or_else(no_random)?
    } else {
        [0; 32]
    };
    let unique = random::bytes().map(u64::from_le_bytes).ok_or_else(no_random)?;
    let gate = config.gate(&key).map_err(|error| error.to_string())?;
    let counter = |name| hostcalls::define_metric(MetricType::Counter, name).map_err(|_| "no counters".to_owned());
    Ok(Filter {
        counters: Counters {
            passed: counter("proxy_auth.passed")?,
            challenged: counter("proxy_auth.challenged")?,
            refused: counter("proxy_auth.refused")?,
            stale: counter("proxy_auth.stale")?,
        },
        keeper: Keeper { config, gate, prefix },
        unique: Cell::new(unique),
    })
}

/// A request and its response.
struct Exchange {
    filter: Option<Rc<Filter>>,
    info: Option<String>,
}

impl Context for Exchange {}

impl HttpContext for Exchange {
    fn on_http_request_headers(&mut self, _: usize, _: bool) -> Action {
        let Some(filter) = &self.filter else {
            return answer(503, Vec::new());
        };
        let Ok(lines) = hostcalls::get_map_bytes(MapType::HttpRequestHeaders) else {
            return answer(503, Vec::new());
        };
        let unique = filter.unique.get().wrapping_add(1);
        filter.unique.set(unique);
        match filter.keeper.decide(&lines, now, unique, &SharedData) {
            Decision::Pass { user, info } => {
                self.info = info;
                remove(MapType::HttpRequestHeaders, AUTHORIZATION);
                if let Some(name) = &filter.keeper.config.user_header {
                    if lines.iter().any(|(other, _)| other.eq_ignore_ascii_case(name)) {
                        remove(MapType::HttpRequestHeaders, name);
                    }
                    let _ = hostcalls::add_map_value(MapType::HttpRequestHeaders, name, &user);
                }
                let _ = hostcalls::set_property(vec![USER_STATE], Some(user.as_bytes()));
                count(filter.counters.passed);
                Action::Continue
            }
            Decision::Refuse {
                status,
                challenges,
                kind,
                reason,
            } => {
                count(match kind {
                    Kind::Challenged => filter.counters.challenged,
                    Kind::Refused => filter.counters.refused,
                    Kind::Stale => filter.counters.stale,
                });
                log(LogLevel::Debug, &format!("proxy-auth: {reason}"));
                let lines = challenges.iter().map(|value| ("proxy-authenticate", value.as_str()));
                answer(status, lines.collect())
            }
            Decision::Invalid => {
                count(filter.counters.refused);
                answer(400, Vec::new())
            }
        }
    }

    fn on_http_request_trailers(&mut self, _: usize) -> Action {
        remove(MapType::HttpRequestTrailers, AUTHORIZATION);
        if let Some(name) = self
            .filter
            .as_ref()
            .and_then(|filter| filter.keeper.config.user_header.as_ref())
        {
            remove(MapType::HttpRequestTrailers, name);
        }
        Action::Continue
    }

    fn on_http_response_headers(&mut self, _: usize, _: bool) -> Action {
        if let Some(info) = &self.info {
            let _ = hostcalls::set_map_value(MapType::HttpResponseHeaders, INFO, Some(info));
        }
        Action::Continue
    }
}

/// Answers a request, which then does not pass.
fn answer(status: u32, lines: Vec<(&str, &str)>) -> Action {
    let _ = hostcalls::send_http_response(status, lines, None);
    Action::Pause
}

fn remove(map: MapType, name: &str) {
    let _ = hostcalls::remove_map_value(map, name);
}

fn count(counter: u32) {
    let _ = hostcalls::increment_metric(counter, 1);
}

fn log(level: LogLevel, text: &str) {
    let _ = hostcalls::log(level, text);
}

fn now() -> Duration {
    let now = hostcalls::get_current_time().unwrap_or(SystemTime::UNIX_EPOCH);
    now.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default()
}
