"""Metrics in the Prometheus text format."""

from __future__ import annotations

from app.api.metrics import Metrics


def test_requests_are_counted_by_method_path_and_status():
    metrics = Metrics()
    metrics.observe("GET", "/healthz", 200, 0.0002)
    metrics.observe("GET", "/healthz", 200, 0.0002)
    metrics.observe("POST", "/v1/recommendations", 422, 0.0002)
    text = metrics.render()
    assert 'tki_requests_total{method="GET",path="/healthz",status="200"} 2' in text
    assert 'tki_requests_total{method="POST",path="/v1/recommendations",status="422"} 1' in text


def test_durations_fill_cumulative_buckets():
    metrics = Metrics()
    for seconds in (0.0001, 0.0002, 9.0):
        metrics.observe("GET", "/x", 200, seconds)
    text = metrics.render()
    assert 'tki_request_seconds_bucket{path="/x",le="0.0001"} 1' in text
    assert 'tki_request_seconds_bucket{path="/x",le="0.00025"} 2' in text
    assert 'tki_request_seconds_bucket{path="/x",le="1.0"} 2' in text
    assert 'tki_request_seconds_bucket{path="/x",le="+Inf"} 3' in text
    assert 'tki_request_seconds_count{path="/x"} 3' in text
    assert 'tki_request_seconds_sum{path="/x"} 9.000300' in text


def test_further_lines_are_added_and_the_text_ends_with_a_line_end():
    assert Metrics().render(["tki_knowledge_info 1"]).endswith("tki_knowledge_info 1\n")
