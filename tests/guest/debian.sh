# SPDX-License-Identifier: MIT
# Sourced: packages of other Debian suites from this machine's own mirrors, by an apt that leaves the machine's alone.
# shellcheck shell=sh

# shellcheck disable=SC2034 # for who sources this
keyring=/usr/share/keyrings/debian-archive-keyring.gpg

# The machine's own Debian mirrors as apt itself reads its sources, those known by their lists to be Debian first.
# A third party's entry may look like one where no lists were fetched yet; then the archive's signature decides.
debian_mirrors()
{
	codename=$(sed -n 's/^VERSION_CODENAME=//p' /etc/os-release)
	for info in --release-info --no-release-info; do
		# shellcheck disable=SC2016 # apt's variables
		apt-get indextargets $info \
			--format '$(ORIGIN) $(LABEL)|$(RELEASE)|$(CODENAME)|$(COMPONENT)|$(REPO_URI)'
	done | awk -F '|' -v codename="$codename" '
		$4 != "main" || ($2 != codename && $3 != codename && $2 !~ /^(old)*stable$/) { next }
		$5 ~ /^cdrom:/ || seen[$5]++ { next }
		$1 == "Debian Debian" || ($1 ~ /^\$/ && $5 ~ /debian/) { print $5 }'
}

# private_apt DIR MIRROR COMPONENT SUITE...: apt with folders and sources of its own in DIR, for apt-get -c DIR/apt.conf;
# the machine's lists, cache and hooks stay out of it.
private_apt()
{
	dir=$1 mirror=$2 component=$3
	shift 3
	mkdir -p "$dir/state/lists/partial" "$dir/cache/archives/partial" "$dir/empty"
	for suite; do
		echo "deb [signed-by=$keyring] $mirror $suite $component"
	done >"$dir/sources.list"
	cat >"$dir/apt.conf" <<-END
	#clear APT::Update::Pre-Invoke;
	#clear APT::Update::Post-Invoke;
	#clear APT::Update::Post-Invoke-Success;
	Dir::State "$dir/state";
	Dir::Cache "$dir/cache";
	Dir::Etc::sourcelist "$dir/sources.list";
	Dir::Etc::sourceparts "$dir/empty";
	Dir::Etc::preferences "$dir/empty/preferences";
	Dir::Etc::preferencesparts "$dir/empty";
	Acquire::Languages "none";
	APT::Update::Error-Mode "any";
	APT::Sandbox::User "root";
	END
}
