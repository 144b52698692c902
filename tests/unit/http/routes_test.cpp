#include "daemon/http/routes.h"

#include <gmock/gmock.h>

namespace driftd::http {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

/// A daemon that watches one database, which has not been looked at yet.
struct Example {
  Example() {
    auto published = std::make_shared<Published>();
    published->name = "a/b <app>";
    all = {published};
    world.published = [this] { return all; };
    world.alive = [this] { return alive; };
    world.ready = [this] { return ready; };
    world.now = [] { return Time(std::chrono::seconds(1700000000)); };
    world.own_metrics = [] { return std::string("own_metric 1\n"); };
  }

  Response get(const std::string& target, Headers headers = {}) const {
    return route({"GET", target, std::move(headers)}, world);
  }

  AllPublished all;
  bool alive = true;
  bool ready = true;
  World world;
};

std::string header(const Response& response, std::string_view name) {
  std::string result;
  for (const auto& [key, value] : response.headers) {
    if (key == name) result += value;
  }
  return result;
}

TEST(Routes, EachPathHasItsKindOfText) {
  const Example example;
  const std::vector<std::pair<std::string, std::string>> kinds{
      {"/", "text/html; charset=utf-8"},
      {"/databases/a%2Fb%20%3Capp%3E", "text/html; charset=utf-8"},
      {"/style.css", "text/css; charset=utf-8"},
      {"/metrics", "text/plain; version=0.0.4; charset=utf-8"},
      {"/api/v1/databases", "application/json"},
      {"/api/v1/databases/a/b%20%3Capp%3E", "application/json"},
      {"/api/v1/status", "application/json"},
      {"/-/healthy", "text/plain; charset=utf-8"},
      {"/-/ready", "text/plain; charset=utf-8"},
      {"/livez", "text/plain; charset=utf-8"},
      {"/readyz", "text/plain; charset=utf-8"},
      {"/healthz", "text/plain; charset=utf-8"}};
  for (const auto& [path, type] : kinds) {
    const Response response = example.get(path);
    EXPECT_EQ(response.status, 200) << path;
    EXPECT_EQ(response.content_type, type) << path;
    EXPECT_FALSE(response.body.empty()) << path;
    EXPECT_EQ(header(response, "X-Content-Type-Options"), "nosniff") << path;
    EXPECT_EQ(header(response, "Referrer-Policy"), "no-referrer") << path;
    EXPECT_EQ(header(response, "Content-Security-Policy"),
              "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; "
              "frame-ancestors 'none'")
        << path;
  }
}

TEST(Routes, MetricsAreNeverKeptAndHoldOurOwn) {
  const Response response = Example().get("/metrics?x=1");
  EXPECT_EQ(header(response, "Cache-Control"), "no-store");
  EXPECT_THAT(response.body, HasSubstr("own_metric 1\n"));
  EXPECT_EQ(response.handler, "/metrics");
}

TEST(Routes, TheCounterSeesPatternsAndNoPaths) {
  const Example example;
  EXPECT_EQ(example.get("/databases/a%2Fb%20%3Capp%3E").handler, "/databases/{name}");
  EXPECT_EQ(example.get("/databases/other").handler, "/databases/{name}");
  EXPECT_EQ(example.get("/../../etc/passwd").handler, "unknown");
}

TEST(Routes, WhatIsNotThereIsNotFound) {
  const Example example;
  for (const char* path : {"/nothing", "/databases/", "/databases/other", "/api/v1", "/%zz", "*",
                           "", "/metrics/", "/api/v1/databases/other"}) {
    EXPECT_EQ(example.get(path).status, 404) << path;
  }
}

TEST(Routes, OtherMethodsAreToldWhichAreAllowed) {
  const Example example;
  for (const char* method : {"POST", "PUT", "DELETE", "OPTIONS", "get"}) {
    const Response response = route({method, "/metrics", {}}, example.world);
    EXPECT_EQ(response.status, 405) << method;
    EXPECT_EQ(header(response, "Allow"), "GET, HEAD");
  }
  const Response reload = example.get("/-/reload");
  EXPECT_EQ(reload.status, 405);
  EXPECT_EQ(header(reload, "Allow"), "POST, PUT");
}

TEST(Routes, HeadTellsTheLengthOfWhatGetGives) {
  const Example example;
  const Response get = example.get("/metrics");
  const Response head = route({"HEAD", "/metrics", {}}, example.world);
  EXPECT_EQ(head.status, 200);
  EXPECT_TRUE(head.body.empty());
  EXPECT_EQ(header(head, "Content-Length"), std::to_string(get.body.size()));
}

TEST(Routes, ReloadIsOffUnlessTurnedOn) {
  Example example;
  EXPECT_EQ(route({"POST", "/-/reload", {}}, example.world).status, 403);
  int reloads = 0;
  example.world.reload = [&] {
    ++reloads;
    return reloads == 1 ? std::string() : std::string("driftd.yaml:1:1: broken");
  };
  EXPECT_EQ(route({"POST", "/-/reload", {}}, example.world).status, 200);
  const Response failed = route({"PUT", "/-/reload", {}}, example.world);
  EXPECT_EQ(failed.status, 500);
  EXPECT_THAT(failed.body, HasSubstr("driftd.yaml:1:1: broken"));
}

TEST(Routes, HealthIsThatTheSchedulersTurn) {
  Example example;
  example.ready = false;
  EXPECT_EQ(example.get("/-/healthy").status, 200);
  EXPECT_EQ(example.get("/-/ready").status, 503);
  example.ready = true;
  example.alive = false;
  for (const char* path : {"/-/healthy", "/livez", "/healthz"}) {
    EXPECT_EQ(example.get(path).status, 503) << path;
  }
  EXPECT_EQ(example.get("/-/ready").status, 200);
}

TEST(Routes, JsonMayBeAskedForAgain) {
  const Example example;
  const std::string etag = header(example.get("/api/v1/databases"), "ETag");
  ASSERT_THAT(etag, StartsWith("\""));
  const Response again =
      example.get("/api/v1/databases", {{"If-None-Match", "\"other\", W/" + etag}});
  EXPECT_EQ(again.status, 304);
  EXPECT_TRUE(again.body.empty());
  EXPECT_EQ(example.get("/api/v1/databases", {{"If-None-Match", "\"other\""}}).status, 200);
}

TEST(Routes, PacksForWhoAccepts) {
  const Example example;
  const Response packed = example.get("/metrics", {{"accept-encoding", "gzip"}});
  EXPECT_EQ(header(packed, "Content-Encoding"), "gzip");
  EXPECT_EQ(header(packed, "Vary"), "Accept-Encoding");
  EXPECT_THAT(packed.body, StartsWith("\x1f\x8b"));
  const Response plain = example.get("/metrics", {{"Accept-Encoding", "gzip;q=0"}});
  EXPECT_EQ(header(plain, "Content-Encoding"), "");
  EXPECT_EQ(header(plain, "Vary"), "Accept-Encoding");
}

TEST(Routes, StatusNamesEveryDatabase) {
  const Response response = Example().get("/api/v1/status");
  EXPECT_THAT(response.body, HasSubstr(R"("schema_version":1)"));
  EXPECT_THAT(response.body, HasSubstr(R"({"name":"a/b <app>","status":"unknown"})"));
}

}  // namespace
}  // namespace driftd::http
