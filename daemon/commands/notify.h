#pragma once

#include <chrono>
#include <string>

namespace driftd {

/// Tells systemd, where it started us with Type=notify (sd_notify(3)): `READY=1`, `STOPPING=1`,
/// `WATCHDOG=1`, `RELOADING=1`. Does nothing without NOTIFY_SOCKET.
void notify(const std::string& state);

/// How often `WATCHDOG=1` is due: half of what systemd allows; zero where it does not watch.
std::chrono::milliseconds watchdog_interval();

}  // namespace driftd
