/**
 * The program of the warden, for any POSIX shell. It waits for the end of its input, which comes
 * when the program that holds the other end is gone, however it went.
 *
 * Arguments: the journal, and the private directory to remove with it (or nothing).
 */
export const WARDEN_SCRIPT = `
trap '' HUP INT QUIT TERM
journal=$1 private=$2
while IFS= read -r word; do
  [ "$word" = goodbye ] && exit 0
done

# Sets state, ppid, sid and born of process $1; fails where it is gone.
identify() {
  stat=
  while IFS= read -r part; do stat="$stat$part "; done < "/proc/$1/stat" || return 1
  case $stat in *') '*) ;; *) return 1 ;; esac
  set -f
  set -- \${stat##*') '}
  set +f
  [ $# -ge 20 ] || return 1
  state=$1 ppid=$2 sid=$4
  shift 19
  born=$1
}

kill_identified() {
  identify "$1" && [ "$born" = "$2" ] && kill -s KILL "$3$1"
}

# What is to die: " PID:BORN PID:BORN " of the journal, and " MARKER MARKER ".
origins=' ' markers=' '
forget_origin() {
  case $origins in
    *" $1:"*) tail=\${origins#*" $1:"}; origins="\${origins%%" $1:"*} \${tail#* }" ;;
  esac
}
while read -r what first second third rest; do
  [ -z "$rest" ] || continue
  case $what in
    '?') case $markers in *" $first "*) ;; *) markers="$markers$first " ;; esac ;;
    '+') forget_origin "$first"
         origins="$origins$first:$second "
         case $markers in *" $third "*) ;; *) markers="$markers$third " ;; esac ;;
    '-') forget_origin "$first" ;;
    '=') forget_origin "$first"
         case $markers in *" $second "*) markers="\${markers%%" $second "*} \${markers#*" $second "}" ;; esac ;;
  esac
done < "$journal"

# The processes of the journal that are still the same ones, then all in their sessions or below
# them: found before the first is killed, since orphans no longer tell whose they were.
living=' '
for origin in $origins; do
  identify "\${origin%:*}" && [ "$born" = "\${origin#*:}" ] && living="$living\${origin%:*} "
done
doomed=$living table= targets=
for dir in /proc/[0-9]*; do
  pid=\${dir#/proc/}
  identify "$pid" || continue
  table="$table $pid:$ppid:$sid:$born"
done
grown=yes
while [ -n "$grown" ]; do
  grown=
  for row in $table; do
    pid=\${row%%:*} row=\${row#*:}
    ppid=\${row%%:*} row=\${row#*:}
    sid=\${row%%:*} born=\${row#*:}
    case $doomed in *" $pid "*) continue ;; esac
    case $living in *" $sid "*) ;; *) case $doomed in *" $ppid "*) ;; *) continue ;; esac ;; esac
    doomed="$doomed$pid " targets="$targets $pid:$born" grown=yes
  done
done
for origin in $origins; do kill_identified "\${origin%:*}" "\${origin#*:}" -; done
for target in $targets; do kill_identified "\${target%:*}" "\${target#*:}" ''; done

# What only its marker tells of. The second look is for who was in the middle of an execve.
passes=0 clean=0
while [ $clean -lt 2 ] && [ $passes -lt 50 ]; do
  passes=$((passes + 1)) found=
  for file in $(grep -ls BPROC_ID= /proc/[0-9]*/environ); do
    pid=\${file#/proc/} pid=\${pid%/environ}
    identify "$pid" && [ "$state" != Z ] || continue
    before=$born
    marker=$(tr '\\0\\n' '\\n ' < "$file" | sed -n '/^BPROC_ID=/{s///p;q;}')
    case $marker in ''|*' '*) continue ;; esac
    case $markers in *" $marker "*) found=yes; kill_identified "$pid" "$before" '' ;; esac
  done
  if [ -n "$found" ]; then clean=0; else clean=$((clean + 1)); [ $clean -lt 2 ] && sleep 1; fi
done

if [ -n "$private" ]; then
  rm -f "$journal" "$journal.new"
  rmdir "$private"
fi
exit 0
`;
