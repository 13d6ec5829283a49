"""What the shop tells the outside: mail by SES, and a queue for events of its outbox."""

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_route53 as route53
from aws_cdk import aws_ses as ses
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from settings.model import Mail, Settings
from shop.base import ShopStack

# An event that failed so often goes to the dead letters, where it raises an alarm.
MOST_TRIES = 5


class EventsStack(ShopStack):
    def __init__(self, scope: Construct, settings: Settings, key: kms.IKey | None) -> None:
        super().__init__(scope, "events", settings, "AWSomeShop: mail and events")
        self.dead_letters = self._queue("DeadLetters", "events-dead", key, kept_days=14)
        self.queue = self._queue(
            "Events",
            "events",
            key,
            kept_days=4,
            dead_letter_queue=sqs.DeadLetterQueue(queue=self.dead_letters, max_receive_count=MOST_TRIES),
        )
        self.output("EventQueueUrl", self.queue.queue_url, "Events of the outbox, for other systems")
        self.output("EventQueueArn", self.queue.queue_arn, "The queue's ARN")
        if settings.mail:
            self._mail(settings.mail)

    def _queue(self, name: str, queue_name: str, key: kms.IKey | None, kept_days: int, **more: object) -> sqs.Queue:
        return sqs.Queue(
            self,
            name,
            queue_name=self.named(queue_name),
            encryption=sqs.QueueEncryption.KMS if key else sqs.QueueEncryption.SQS_MANAGED,
            encryption_master_key=key,
            enforce_ssl=True,
            retention_period=cdk.Duration.days(kept_days),
            visibility_timeout=cdk.Duration.seconds(60),
            removal_policy=self.kept,
            **more,
        )

    def _mail(self, mail: Mail) -> None:
        configuration = ses.ConfigurationSet(
            self,
            "MailSet",
            configuration_set_name=self.named("mail"),
            tls_policy=ses.ConfigurationSetTlsPolicy.REQUIRE,
            reputation_metrics=True,
            # Whoever complained, or does not exist, is not written to again.
            suppression_reasons=ses.SuppressionReasons.BOUNCES_AND_COMPLAINTS,
        )
        identity = ses.EmailIdentity(self, "MailIdentity", identity=self._sender(mail), configuration_set=configuration)
        if mail.domain != self.settings.web.hosted_zone_name:
            for number, record in enumerate(identity.dkim_records, start=1):
                entry = f"{record.name} CNAME {record.value}"
                self.output(f"Dkim{number}", entry, "To be entered in the zone of the domain")
        set_arn = self.format_arn(service="ses", resource="configuration-set", resource_name=self.named("mail"))
        # SES takes SMTP only from users with a name; this one can do nothing but send from our domain. Its credentials are
        # made by hand and put into the secret smtp-url.
        group = iam.Group(self, "MailSenders")
        group.add_to_policy(
            iam.PolicyStatement(
                actions=["ses:SendRawEmail"],
                resources=[identity.email_identity_arn, set_arn],
            )
        )
        iam.User(self, "MailSender", user_name=self.named("smtp"), groups=[group])
        self.output("MailSenderName", self.named("smtp"), "Whose SMTP credentials are in the secret smtp-url")

    def _sender(self, mail: Mail) -> ses.Identity:
        """The domain; where its zone is ours to write, SES's proofs are entered there."""
        web = self.settings.web
        if mail.domain != web.hosted_zone_name:
            return ses.Identity.domain(mail.domain)
        zone = route53.PublicHostedZone.from_public_hosted_zone_attributes(
            self, "Zone", hosted_zone_id=web.hosted_zone_id, zone_name=web.hosted_zone_name
        )
        return ses.Identity.public_hosted_zone(zone)
