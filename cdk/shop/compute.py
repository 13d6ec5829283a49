"""Where the shop runs: the cluster, the load balancer in front of it, and the task that brings the schema up."""

import aws_cdk as cdk
from aws_cdk import aws_certificatemanager as acm
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_ecs as ecs
from aws_cdk import aws_elasticloadbalancingv2 as elb
from aws_cdk import aws_route53 as route53
from aws_cdk import aws_route53_targets as targets
from constructs import Construct

from settings.model import Settings
from shop.base import ShopStack
from shop.data import DataStack
from shop.migration import migration
from shop.network import SHOP_PORT, NetworkStack
from shop.waf import firewall

# Shorter than the 75 s for which the program keeps a connection, so that the load balancer is the one that lets go.
IDLE_S = 60


class ComputeStack(ShopStack):
    def __init__(self, scope: Construct, settings: Settings, network: NetworkStack, data: DataStack) -> None:
        super().__init__(scope, "compute", settings, "AWSomeShop: cluster, load balancer, migration")
        self.network, self.data = network, data
        self.cluster = ecs.Cluster(
            self,
            "Cluster",
            cluster_name=self.named("cluster"),
            vpc=network.vpc,
            container_insights_v2=ecs.ContainerInsights.ENABLED,
        )
        self.balancer = self._balancer()
        self.target_group = self._target_group()
        self._listeners()
        if settings.web.waf:
            acl = firewall(self, self.balancer)
            self.output("FirewallArn", acl.attr_arn, "The web application firewall")
        self.migration = migration(self, network, data)
        self._outputs()

    def _balancer(self) -> elb.ApplicationLoadBalancer:
        balancer = elb.ApplicationLoadBalancer(
            self,
            "Balancer",
            vpc=self.network.vpc,
            internet_facing=True,
            vpc_subnets=ec2.SubnetSelection(subnet_group_name="public"),
            security_group=self._fixed(self.network.balancer_group, "BalancerGroup"),
            deletion_protection=self.settings.protected,
            drop_invalid_header_fields=True,
            desync_mitigation_mode=elb.DesyncMitigationMode.DEFENSIVE,
            xff_header_processing_mode=elb.XffHeaderProcessingMode.APPEND,
            idle_timeout=cdk.Duration.seconds(IDLE_S),
            client_keep_alive=cdk.Duration.minutes(15),
        )
        # When the firewall cannot be asked, nobody comes in: it is there to keep people out.
        balancer.set_attribute("waf.fail_open.enabled", "false")
        balancer.log_access_logs(self.data.logs, "balancer")
        balancer.log_connection_logs(self.data.logs, "connections")
        return balancer

    def _fixed(self, group: ec2.SecurityGroup, name: str) -> ec2.ISecurityGroup:
        """The group as it is: all its rules stand in `network.py`, and no construct here adds another."""
        return ec2.SecurityGroup.from_security_group_id(self, name, group.security_group_id, mutable=False)

    def _target_group(self) -> elb.ApplicationTargetGroup:
        return elb.ApplicationTargetGroup(
            self,
            "Tasks",
            vpc=self.network.vpc,
            port=SHOP_PORT,
            protocol=elb.ApplicationProtocol.HTTP,
            target_type=elb.TargetType.IP,
            # Sessions are in the database: any task serves anybody.
            stickiness_cookie_duration=None,
            deregistration_delay=cdk.Duration.seconds(30),
            health_check=elb.HealthCheck(
                path="/health",
                healthy_http_codes="200",
                interval=cdk.Duration.seconds(30),
                timeout=cdk.Duration.seconds(5),
                healthy_threshold_count=2,
                unhealthy_threshold_count=3,
            ),
        )

    def _listeners(self) -> None:
        self.balancer.add_listener(
            "Http",
            port=80,
            open=False,
            default_action=elb.ListenerAction.redirect(protocol="HTTPS", port="443", permanent=True),
        )
        self.https = self.balancer.add_listener(
            "Https",
            port=443,
            open=False,
            certificates=[self._certificate()],
            ssl_policy=elb.SslPolicy.TLS13_12_RES_PQ,
            # Whoever asks for another name, or for none, is not meant for us.
            default_action=elb.ListenerAction.fixed_response(421),
        )
        self.https.add_action(
            "Shop",
            priority=1,
            conditions=[elb.ListenerCondition.host_headers([self.settings.web.domain])],
            action=elb.ListenerAction.forward([self.target_group]),
        )

    def _certificate(self) -> acm.ICertificate:
        web = self.settings.web
        if web.certificate_arn:
            return acm.Certificate.from_certificate_arn(self, "Certificate", web.certificate_arn)
        zone = route53.HostedZone.from_hosted_zone_attributes(
            self, "Zone", hosted_zone_id=web.hosted_zone_id, zone_name=web.hosted_zone_name
        )
        route53.ARecord(
            self,
            "Record",
            zone=zone,
            record_name=f"{web.domain}.",
            target=route53.RecordTarget.from_alias(targets.LoadBalancerTarget(self.balancer)),
        )
        return acm.Certificate(
            self, "Certificate", domain_name=web.domain, validation=acm.CertificateValidation.from_dns(zone)
        )

    def _outputs(self) -> None:
        self.output("BalancerDns", self.balancer.load_balancer_dns_name, "What the domain points to")
        self.output("BalancerArn", self.balancer.load_balancer_arn, "The load balancer")
        self.output("ClusterName", self.cluster.cluster_name, "The cluster")
        self.output("MigrationTask", self.migration.family, "What migrate.sh runs before each deployment")
        self.output("PublicUrl", f"https://{self.settings.web.domain}", "Where people find the shop")
