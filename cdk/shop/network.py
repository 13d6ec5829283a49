"""The network: two zones, three kinds of subnets, and who may speak to whom."""

import aws_cdk as cdk
from aws_cdk import aws_ec2 as ec2
from constructs import Construct

from settings.model import Settings
from shop.base import ShopStack, own_key

SHOP_PORT = 8080
DATABASE_PORT = 3306
SMTPS_PORT = 465


class NetworkStack(ShopStack):
    def __init__(self, scope: Construct, settings: Settings) -> None:
        super().__init__(scope, "network", settings, "AWSomeShop: network, and the key of the environment")
        self.key = own_key(self)
        self.vpc = self._vpc()
        self.app_subnets = ec2.SubnetSelection(subnet_group_name="app")
        self.data_subnets = ec2.SubnetSelection(subnet_group_name="data")
        self.balancer_group, self.task_group, self.database_group = self._security_groups()
        self._endpoints()
        self.output("VpcId", self.vpc.vpc_id, "The network")
        subnets = self.vpc.select_subnets(subnet_group_name="app").subnet_ids
        self.output("TaskSubnets", cdk.Fn.join(",", subnets), "Where tasks run")
        self.output("TaskGroupId", self.task_group.security_group_id, "The tasks' security group")

    def _vpc(self) -> ec2.Vpc:
        network = self.settings.network
        subnets = [
            ec2.SubnetConfiguration(
                name="public", subnet_type=ec2.SubnetType.PUBLIC, cidr_mask=24, map_public_ip_on_launch=False
            ),
            # Tasks come and go and take an address each.
            ec2.SubnetConfiguration(name="app", subnet_type=ec2.SubnetType.PRIVATE_WITH_EGRESS, cidr_mask=22),
            ec2.SubnetConfiguration(name="data", subnet_type=ec2.SubnetType.PRIVATE_ISOLATED, cidr_mask=24),
        ]
        vpc = ec2.Vpc(
            self,
            "Vpc",
            ip_addresses=ec2.IpAddresses.cidr(network.cidr),
            # Named, so that synthesis asks no account which zones it has.
            availability_zones=list(network.zones),
            nat_gateways=network.nat_gateways,
            subnet_configuration=subnets,
            # Nobody uses the default group; what is put into it by mistake reaches nothing.
            restrict_default_security_group=True,
        )
        group = self.log_group("FlowLogs", f"/awsomeshop/{self.settings.name}/flow", self.key)
        vpc.add_flow_log("Flow", destination=ec2.FlowLogDestination.to_cloud_watch_logs(group))
        return vpc

    def _security_groups(self) -> tuple[ec2.SecurityGroup, ec2.SecurityGroup, ec2.SecurityGroup]:
        """Load balancer → tasks → database, and nothing else inwards."""
        balancer = self._group("BalancerGroup", "The load balancer: from anywhere, to the tasks")
        tasks = self._group("TaskGroup", "Tasks: from the load balancer, to the database and to AWS")
        database = self._group("DatabaseGroup", "The database: from the tasks")

        balancer.add_ingress_rule(ec2.Peer.any_ipv4(), ec2.Port.tcp(443), "people")
        balancer.add_ingress_rule(ec2.Peer.any_ipv4(), ec2.Port.tcp(80), "people, who are sent on to https")
        balancer.add_egress_rule(tasks, ec2.Port.tcp(SHOP_PORT), "to the tasks")
        tasks.add_ingress_rule(balancer, ec2.Port.tcp(SHOP_PORT), "from the load balancer")
        tasks.add_egress_rule(database, ec2.Port.tcp(DATABASE_PORT), "to the database")
        tasks.add_egress_rule(ec2.Peer.any_ipv4(), ec2.Port.tcp(443), "to AWS and the identity provider")
        if self.settings.mail:
            tasks.add_egress_rule(ec2.Peer.any_ipv4(), ec2.Port.tcp(SMTPS_PORT), "to SES, over TLS")
        database.add_ingress_rule(tasks, ec2.Port.tcp(DATABASE_PORT), "from the tasks")
        self.acknowledge(
            balancer,
            "AwsSolutions-EC23",
            "The load balancer is what the public talks to, on 443, and on 80 only to be sent there.",
        )
        return balancer, tasks, database

    def _group(self, name: str, description: str) -> ec2.SecurityGroup:
        return ec2.SecurityGroup(self, name, vpc=self.vpc, description=description, allow_all_outbound=False)

    def _endpoints(self) -> None:
        # Costs nothing, and pictures do not pass the NAT gateway.
        self.vpc.add_gateway_endpoint("S3", service=ec2.GatewayVpcEndpointAwsService.S3)
        if not self.settings.network.interface_endpoints:
            return
        group = self._group("EndpointGroup", "Endpoints of AWS: from the tasks")
        group.add_ingress_rule(self.task_group, ec2.Port.tcp(443), "from the tasks")
        services = {
            "EcrApi": ec2.InterfaceVpcEndpointAwsService.ECR,
            "EcrDocker": ec2.InterfaceVpcEndpointAwsService.ECR_DOCKER,
            "Logs": ec2.InterfaceVpcEndpointAwsService.CLOUDWATCH_LOGS,
            "Secrets": ec2.InterfaceVpcEndpointAwsService.SECRETS_MANAGER,
        }
        for name, service in services.items():
            self.vpc.add_interface_endpoint(
                name, service=service, subnets=self.app_subnets, security_groups=[group], open=False
            )
