#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "daemon/publish/publish.h"

namespace driftd::http {

using Headers = std::vector<std::pair<std::string, std::string>>;

struct Request {
  std::string method;
  std::string target;  ///< path and query, as sent
  Headers headers;
};

struct Response {
  int status = 200;
  std::string content_type = "text/plain; charset=utf-8";
  std::string body = {};
  Headers headers = {};  ///< but for Content-Type; with Content-Length where it is not the body's
  std::string handler = {};  ///< the route's pattern, for the request counter
};

/// What the routes may ask of the daemon. All of it is called on the server's thread.
struct World {
  std::function<AllPublished()> published;
  std::function<bool()> alive;  ///< the schedulers turn
  std::function<bool()> ready;  ///< settings loaded, listener up
  std::function<Time()> now;
  std::function<std::string()> own_metrics;  ///< process_*, build info, request counters
  /// Reloads; returns the error's text, empty when it worked. Null: reload is off.
  std::function<std::string()> reload;
  /// Told of each response, for the request counter; may be null.
  std::function<void(const Response&)> answered;
};

/// Path -> response. No Beast here. HEAD is answered as GET without a body.
Response route(const Request& request, const World& world);

/// An answer without a route: to a request that is none, or when a route failed.
Response plain_response(int status, const std::string& text, const std::string& handler);

}  // namespace driftd::http
