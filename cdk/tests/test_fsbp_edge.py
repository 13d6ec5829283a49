"""The load balancer, the firewall, the network: each test names the control of AWS's Foundational Best Practices."""

from conftest import Templates, attributes, ingress_of


def balancer(environment: Templates) -> dict[str, str]:
    return attributes(environment.one("AWS::ElasticLoadBalancingV2::LoadBalancer"), "LoadBalancerAttributes")


def listener(environment: Templates, port: int) -> dict:
    return next(one for one in environment.all("AWS::ElasticLoadBalancingV2::Listener") if one["Port"] == port)


def test_elb_1_http_only_redirects(environment: Templates) -> None:
    (action,) = listener(environment, 80)["DefaultActions"]
    assert action["Type"] == "redirect"
    redirect = action["RedirectConfig"]
    assert (redirect["StatusCode"], redirect["Protocol"], redirect["Port"]) == ("HTTP_301", "HTTPS", "443")


def test_elb_4_invalid_headers_are_dropped(environment: Templates) -> None:
    assert balancer(environment)["routing.http.drop_invalid_header_fields.enabled"] == "true"


def test_elb_12_desync_mitigation(environment: Templates) -> None:
    assert balancer(environment)["routing.http.desync_mitigation_mode"] == "defensive"


def test_elb_5_access_and_connection_logs(environment: Templates) -> None:
    assert balancer(environment)["access_logs.s3.enabled"] == "true"
    assert balancer(environment)["connection_logs.s3.enabled"] == "true"


def test_elb_6_deletion_protection(prod: Templates, dev: Templates) -> None:
    assert balancer(prod)["deletion_protection.enabled"] == "true"
    assert balancer(dev)["deletion_protection.enabled"] == "false"


def test_elb_13_two_zones(environment: Templates) -> None:
    subnets = environment.one("AWS::ElasticLoadBalancingV2::LoadBalancer")["Subnets"]
    assert len({str(subnet) for subnet in subnets}) == 2
    zones = {subnet["AvailabilityZone"] for subnet in environment.all("AWS::EC2::Subnet")}
    assert zones == set(environment.settings.network.zones)


def test_elb_16_and_waf_10_the_firewall_has_managed_rules_and_a_rate(prod: Templates, dev: Templates) -> None:
    rules = {rule["Name"]: rule for rule in prod.one("AWS::WAFv2::WebACL")["Rules"]}
    assert "AWSManagedRulesCommonRuleSet" in rules
    rate = rules["rate"]["Statement"]["RateBasedStatement"]
    assert (rate["AggregateKeyType"], rate["Limit"]) == ("IP", prod.settings.web.waf_rate)
    assert rules["rate"]["Action"] == {"Block": {}}
    assert prod.one("AWS::WAFv2::WebACLAssociation")
    assert dev.all("AWS::WAFv2::WebACL") == []


def test_waf_11_and_12_logging_and_metrics(prod: Templates) -> None:
    logging = prod.one("AWS::WAFv2::LoggingConfiguration")
    hidden = {field["SingleHeader"]["Name"] for field in logging["RedactedFields"]}
    assert hidden == {"cookie", "authorization"}
    acl = prod.one("AWS::WAFv2::WebACL")
    assert acl["VisibilityConfig"]["CloudWatchMetricsEnabled"]
    assert all(rule["VisibilityConfig"]["CloudWatchMetricsEnabled"] for rule in acl["Rules"])


def test_waf_fail_open_is_decided(environment: Templates) -> None:
    assert balancer(environment)["waf.fail_open.enabled"] == "false"


def test_elb_17_and_18_https_with_a_current_policy(environment: Templates) -> None:
    https = listener(environment, 443)
    assert https["Protocol"] == "HTTPS"
    assert https["SslPolicy"] == "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09"
    assert {one["Port"] for one in environment.all("AWS::ElasticLoadBalancingV2::Listener")} == {80, 443}


def test_only_the_shops_own_name_is_answered(environment: Templates) -> None:
    (otherwise,) = listener(environment, 443)["DefaultActions"]
    assert otherwise["FixedResponseConfig"]["StatusCode"] == "421"
    rule = environment.one("AWS::ElasticLoadBalancingV2::ListenerRule")
    assert rule["Conditions"] == [
        {"Field": "host-header", "HostHeaderConfig": {"Values": [environment.settings.web.domain]}}
    ]
    assert rule["Actions"][0]["Type"] == "forward"


def test_acm_2_a_key_that_is_long_enough(environment: Templates) -> None:
    certificate = environment.one("AWS::CertificateManager::Certificate")
    assert certificate["ValidationMethod"] == "DNS"
    # Unsaid it is RSA of 2048 bits.
    assert "KeyAlgorithm" not in certificate


def test_the_balancer_lets_go_before_the_program_does(environment: Templates) -> None:
    told = balancer(environment)
    assert told["routing.http.xff_header_processing.mode"] == "append"
    assert told["idle_timeout.timeout_seconds"] == "60"
    assert told["client_keep_alive.seconds"] == "900"


def test_the_target_group_asks_health_and_keeps_nobody(environment: Templates) -> None:
    group = environment.one("AWS::ElasticLoadBalancingV2::TargetGroup")
    assert (group["HealthCheckPath"], group["HealthCheckIntervalSeconds"]) == ("/health", 30)
    assert (group["Matcher"], group["Port"], group["TargetType"]) == ({"HttpCode": "200"}, 8080, "ip")
    (place,) = environment.one("AWS::ECS::Service")["LoadBalancers"]
    assert (place["ContainerName"], place["ContainerPort"]) == ("shop", 8080)
    assert attributes(group, "TargetGroupAttributes") == {
        "deregistration_delay.timeout_seconds": "30",
        "stickiness.enabled": "false",
    }


def test_ec2_2_the_default_security_group_is_closed(environment: Templates) -> None:
    assert environment.one("Custom::VpcRestrictDefaultSG")


def test_ec2_6_flow_logs(environment: Templates) -> None:
    log = environment.one("AWS::EC2::FlowLog")
    assert (log["ResourceType"], log["TrafficType"]) == ("VPC", "ALL")


def test_ec2_15_no_public_addresses_on_launch(environment: Templates) -> None:
    assert not any(subnet.get("MapPublicIpOnLaunch") for subnet in environment.all("AWS::EC2::Subnet"))


def test_ec2_18_and_19_only_80_and_443_are_open(environment: Templates) -> None:
    rules = ingress_of(environment, "BalancerGroup")
    assert {(rule["FromPort"], rule["ToPort"]) for rule in rules} == {(80, 80), (443, 443)}
    for group in ("TaskGroup", "DatabaseGroup"):
        assert all("CidrIp" not in rule and "CidrIpv6" not in rule for rule in ingress_of(environment, group))


def test_from_balancer_to_tasks_to_database_only(environment: Templates) -> None:
    ways = {"TaskGroup": ("BalancerGroup", 8080), "DatabaseGroup": ("TaskGroup", 3306)}
    for group, (source, port) in ways.items():
        (rule,) = ingress_of(environment, group)
        assert rule["SourceSecurityGroupId"]["Fn::GetAtt"][0].startswith(source)
        assert (rule["FromPort"], rule["ToPort"]) == (port, port)


def test_outwards_only_what_is_needed(environment: Templates) -> None:
    ports = {(rule["FromPort"], rule["ToPort"]) for rule in environment.all("AWS::EC2::SecurityGroupEgress")}
    assert ports == {(8080, 8080), (3306, 3306)}
    open_to_all = [
        (rule["CidrIp"], rule.get("FromPort"), rule.get("ToPort"))
        for group in environment.all("AWS::EC2::SecurityGroup")
        for rule in group.get("SecurityGroupEgress", [])
        if rule["CidrIp"] != "255.255.255.255/32"
    ]
    mail = [("0.0.0.0/0", 465, 465)] if environment.settings.mail else []
    assert open_to_all == [("0.0.0.0/0", 443, 443), *mail]


def test_the_network_is_the_one_that_was_asked_for(environment: Templates) -> None:
    chosen = environment.settings.network
    assert environment.one("AWS::EC2::VPC")["CidrBlock"] == chosen.cidr == "10.0.0.0/16"
    assert len(environment.all("AWS::EC2::NatGateway")) == chosen.nat_gateways
    assert len(environment.all("AWS::EC2::Subnet")) == 6


def test_endpoints_by_setting(prod: Templates, dev: Templates) -> None:
    def kinds(templates: Templates) -> list[str]:
        return sorted(one["VpcEndpointType"] for one in templates.all("AWS::EC2::VPCEndpoint"))

    assert kinds(dev) == ["Gateway"]
    assert kinds(prod) == ["Gateway", *["Interface"] * 4]
    interfaces = [one for one in prod.all("AWS::EC2::VPCEndpoint") if one["VpcEndpointType"] == "Interface"]
    assert all(one["PrivateDnsEnabled"] for one in interfaces)
    (rule,) = ingress_of(prod, "EndpointGroup")
    assert (rule["FromPort"], rule["ToPort"]) == (443, 443)
    assert rule["SourceSecurityGroupId"]["Fn::GetAtt"][0].startswith("TaskGroup")
